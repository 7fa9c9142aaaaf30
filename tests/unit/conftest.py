"""Settings of the property tests: no test fails because the machine is slow."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("rcaid", deadline=None)
settings.load_profile("rcaid")
