"""Runs the tests that can run longer, as long as they are meant to: `make soak`.

One round is 1,000 kills on each engine, 200,000 random tables and 2,000 through the reading child,
files of hundreds of MiB, and long chains of imports and undos. ``--part 0.1`` is a tenth of that;
``--minutes`` asks for more rounds until the time is up. Each round draws from a seed that is printed
first and gives the same round again. Ends with 1 at the first failure.
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
    "tests/services/test_killed.py",
    "tests/services/test_import_chains.py",
    "tests/files/test_memory.py",
    "tests/files/test_random_tables.py",
)
"""Tests that look at RCAID_SOAK."""


def main() -> int:
    """Rounds of the longer tests; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak")
    parser.add_argument("--part", type=float, default=1.0, help="how much of a round; 1 is all")
    parser.add_argument("--minutes", type=float, default=0.0, help="go on with rounds for so long")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of the first round")
    asked = parser.parse_args()
    began = time.monotonic()
    rounds = 0
    while rounds == 0 or time.monotonic() - began < asked.minutes * 60:
        seed = asked.seed + rounds
        rounds += 1
        print(f"soak: round {rounds}, part {asked.part:g}, seed {seed}", flush=True)
        words = [sys.executable, "-m", "pytest", "--durations=20", f"--hypothesis-seed={seed}"]
        settings = {"RCAID_SOAK": str(asked.part), "RCAID_SEED": str(seed)}
        done = subprocess.run([*words, *LONGER], cwd=ROOT, env=os.environ | settings, check=False)
        if done.returncode:
            print(f"soak: round {rounds} failed; again: --part {asked.part:g} --seed {seed}")
            return 1
    minutes = (time.monotonic() - began) / 60
    print(f"soak: rounds that held: {rounds}, in {minutes:.0f} minutes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
