"""The reader's language: English in the source, Chinese from the catalogue beside this file."""

from __future__ import annotations

import os
from collections.abc import Callable

LANGUAGES = ("en", "zh_CN")

_state: dict[str, Callable[[str], str] | str] = {}


def _plain(text: str) -> str:
    return text


def _wanted() -> str:
    for name in ("RCAID_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "zh_CN" if value.lower().startswith("zh") else "en"
    return "en"


def set_language(language: str) -> None:
    """Speak ``language``, one of `LANGUAGES`; anything else is an error of the caller."""
    if language not in LANGUAGES:
        raise ValueError(language)
    # Screens and their data thread ask at once: the way to speak is there before the name is.
    _state["say"] = _plain if language == "en" else _catalogue(language)
    _state["language"] = language


def _catalogue(language: str) -> Callable[[str], str]:
    # Imported only for a reader who needs it: it doubles the start of a short command.
    import gettext

    found = gettext.translation("rcaid", os.path.dirname(__file__), [language], fallback=True)
    return found.gettext


def language() -> str:
    """The language spoken now; the first question settles it from the environment."""
    if "language" not in _state:
        set_language(_wanted())
    return str(_state["language"])


def _(text: str) -> str:
    """The text in the reader's language; the English itself where there is no other."""
    if not text:
        return text
    say = _state.get("say")
    if say is None:
        language()
        say = _state["say"]
    return say(text) if callable(say) else text


def N_(text: str) -> str:  # noqa: N802
    """Marks a text for the catalogue that is translated later, where it is shown."""
    return text


def in_language(name: str, text: str) -> str:
    """The text in a language other than the one spoken now."""
    return text if name == "en" else _catalogue(name)(text)
