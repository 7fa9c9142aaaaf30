"""Runs the tests that can run longer, again and again, until the time is up.

``python -m bench.soak --minutes 30`` sets RCAID_SOAK, so that random tables, bad files and killed
undos go far beyond what a test run does. Ends with 1 at the first failure and says which round it was.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGER = (
    "tests/files/test_random_tables.py",
    "tests/files/test_memory.py",
    "tests/services/test_undo_killed.py",
)
"""Tests that look at RCAID_SOAK."""


def main() -> int:
    """Rounds of the longer tests; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak")
    parser.add_argument("--minutes", type=float, default=30.0, help="how long to go on")
    parser.add_argument("--size", type=int, default=200, help="what RCAID_SOAK is set to")
    asked = parser.parse_args()
    until = time.monotonic() + asked.minutes * 60
    rounds = 0
    while time.monotonic() < until or rounds == 0:
        rounds += 1
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", *LONGER],
            cwd=ROOT,
            env={**os.environ, "RCAID_SOAK": str(asked.size)},
            check=False,
        )
        if done.returncode:
            print(f"soak: round {rounds} failed")
            return 1
    print(f"soak: {rounds} rounds of size {asked.size} held")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
