"""Settings of the property tests."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("rcaid", deadline=None)
settings.load_profile("rcaid")
