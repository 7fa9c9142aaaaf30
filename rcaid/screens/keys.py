"""Keys by the name this program gives them: a printable key is its character, others have names.

The same key typed with a Chinese input method on gives full-width or Chinese punctuation; it is
folded here once, before anything looks it up.
"""

from __future__ import annotations

from rcaid.screens import signs

_FOLDED = {
    "、": "/",
    "。": ".",
    "《": "<",
    "》": ">",
    "　": " ",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "￥": "$",
    "·": "`",
}
_NAMED = {" ": "space"}
_SAME = {"ctrl+j": "enter", "ctrl+m": "enter", "ctrl+i": "tab", "return": "enter"}
_PLAIN = {"shift+tab": "S-Tab", "down": "Dn", "up": "Up", "right": "Rt"}
_SHOWN = {
    "escape": "Esc",
    "tab": "Tab",
    "shift+tab": "⇧Tab",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "home": "Home",
    "end": "End",
    "down": "↓",
    "up": "↑",
    "right": "→",
}


def fold(character: str) -> str:
    """What the same key gives in English."""
    if character in _FOLDED:
        return _FOLDED[character]
    point = ord(character)
    return chr(point - 0xFEE0) if 0xFF01 <= point <= 0xFF5E else character


def fold_text(text: str) -> str:
    """A typed filter with the punctuation of an input method folded; Han stays."""
    folded = "".join(fold(character) for character in text)
    return folded.replace("，", ",").replace("：", ":")


def _prints(character: str) -> bool:
    return character.isprintable() or character == "　"


def token(key: str, character: str | None) -> str:
    """The name of a key press: its folded character if it prints, else Textual's name."""
    if character is not None and len(character) == 1 and _prints(character):
        plain = fold(character)
        return _NAMED.get(plain, plain)
    return _SAME.get(key, key)


def is_typed(key: str, character: str | None) -> bool:
    """Whether a text field takes this key as text or as a correction of it."""
    return key in ("backspace", "delete") or (
        character is not None and character.isprintable() and key != "enter"
    )


def is_han(name: str) -> bool:
    """A character that only an input method gives."""
    return len(name) == 1 and ord(name) >= 0x2E80


def shown(name: str) -> str:
    """How a key is written for people: ``^p``, ``F1``, ``⏎``."""
    if name == "enter":
        return signs.current().enter
    if name == "space":
        return signs.current().space
    if signs.current() is signs.PLAIN and name in _PLAIN:
        return _PLAIN[name]
    if name in _SHOWN:
        return _SHOWN[name]
    if name.startswith("ctrl+"):
        first, _, rest = name[5:].partition(" ")
        return f"^{first} {rest}".rstrip()
    if len(name) > 1 and name[0] == "f" and name[1:].isdigit():
        return name.upper()
    return name
