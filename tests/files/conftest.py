"""Settings of the property tests, and how much more of everything a long run asks for."""

from __future__ import annotations

import os

from hypothesis import settings

SOAK = int(os.environ.get("RCAID_SOAK", "0"))
"""How many random tables more; any number also turns on what takes minutes."""

settings.register_profile("rcaid", deadline=None)
settings.load_profile("rcaid")
