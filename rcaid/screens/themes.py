"""Four calm themes: six roles of colour and a ground one step off for the cursor's row."""

from __future__ import annotations

from collections.abc import Mapping

from rich.style import Style
from textual.theme import Theme

DEFAULT = "rcaid-dark"

_ROLES = ("ground", "text", "quiet", "accent", "done", "attention", "stopped", "row")
_COLOURS = {
    "rcaid-dark": "#15191d #d5dade #828b94 #74b6d6 #82c296 #e2b457 #e5806f #232b33",
    "rcaid-light": "#fbfaf7 #22282d #666e75 #1b6a96 #2a7443 #835400 #ad3525 #e6ebee",
    "rcaid-contrast": "#000000 #ffffff #c6c6c6 #6fd8ff #6fff96 #ffdf5f #ff9a8f #33363a",
}
_TERMINAL = (
    "ansi_default ansi_default ansi_bright_black ansi_cyan ansi_green ansi_yellow ansi_red"
    " ansi_default"
)


def _theme(name: str, colours: str, *, dark: bool, terminal: bool = False) -> Theme:
    role = dict(zip(_ROLES, colours.split(), strict=True))
    return Theme(
        name=name,
        primary=role["accent"],
        secondary=role["accent"],
        accent=role["accent"],
        warning=role["attention"],
        error=role["stopped"],
        success=role["done"],
        foreground=role["text"],
        background=role["ground"],
        surface=role["ground"],
        panel=role["ground"],
        boost=role["ground"],
        dark=dark,
        ansi=terminal,
        variables={
            **{f"rc-{name}": colour for name, colour in role.items()},
            # Textual's own style sheets ask for these two under a theme of the terminal's colours.
            "ansi-background": "ansi_black",
            "ansi-foreground": "ansi_white",
        },
    )


def themes() -> tuple[Theme, ...]:
    """Every theme, in the order they are offered."""
    return (
        _theme("rcaid-dark", _COLOURS["rcaid-dark"], dark=True),
        _theme("rcaid-light", _COLOURS["rcaid-light"], dark=False),
        _theme("rcaid-contrast", _COLOURS["rcaid-contrast"], dark=True),
        _theme("rcaid-terminal", _TERMINAL, dark=True, terminal=True),
    )


def role_styles(theme: Theme) -> dict[str, tuple[Style, Style]]:
    """How each role looks in a theme: on the ground, and on the cursor's row. Kept out of the
    style sheet, which would work them out anew for every widget."""
    colour = {role: _rich(theme.variables[f"rc-{role}"]) for role in _ROLES}
    found = {}
    for role in (*_ROLES[1:7], "strong"):
        front, bold = colour.get(role, colour["text"]), role == "strong" or None
        ground = Style(color=front, bgcolor=colour["ground"], bold=bold)
        row = Style(color=front, bgcolor=colour["row"], bold=bold, reverse=theme.ansi or None)
        found[role] = (ground, row)
    return found


def _rich(colour: str) -> str:
    return colour.removeprefix("ansi_")


def colourless(environ: Mapping[str, str]) -> bool:
    """Whether this terminal or its owner wants no colour."""
    return bool(environ.get("NO_COLOR")) or environ.get("TERM") == "dumb"
