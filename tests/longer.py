"""How much longer a test runs when somebody asks for it.

RCAID_SOAK=1 is the whole of what `make soak` promises, 0.1 a tenth of it; without it, or where the
part is smaller than that, a test is as long as in every run. RCAID_SEED changes what is drawn.
"""

from __future__ import annotations

import os

SOAK = float(os.environ.get("RCAID_SOAK") or 0)
SEED = int(os.environ.get("RCAID_SEED") or 2022)


def times(usual: int, whole: int) -> int:
    """How many, when ``usual`` is for every run and ``whole`` for a whole soak."""
    return max(usual, round(whole * SOAK))
