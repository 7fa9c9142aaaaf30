"""The lists that the filter language narrows: cases, rosters, batches, imports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from rcaid.cli import said
from rcaid.locale import _

Where = Annotated[
    str, typer.Option("--where", metavar="FILTER", help="words and field:value, side by side")
]
Limit = Annotated[
    int, typer.Option("--limit", metavar="N", min=0, help="how many at most; 0 is all")
]
OfCycle = Annotated[str, typer.Option("--cycle", metavar="CYCLE", help="of this cycle alone")]
OfState = Annotated[str, typer.Option("--state", metavar="STATE", help="in this state alone")]

MOST = 1000
_PAGE = 500


def listed(
    desk: Any, place: str, where: str, limit: int, cycle: str = "", state: str = ""
) -> Iterator[Any]:
    """The rows of a list that fit, in its usual order; says on stderr when there are more."""
    from rcaid.services import lists

    where = " ".join([where, *_test("cycle", cycle), *_test("step", state)]).strip()
    after, left = "", limit
    first = True
    while first or after:
        size = min(left, _PAGE) if limit else _PAGE
        page = lists.page(desk, place, where, after, size, counted=False)
        if page.problem is not None and not page.problem.warning:
            raise typer.BadParameter(said.words(page.problem), param_hint="--where")
        if page.problem is not None and first:
            said.tell([page.problem])
        yield from page.rows
        first, after, left = False, page.next_key, left - len(page.rows)
        if limit and left <= 0:
            break
    if after:
        text = _("there are more than these {n}; --limit 0 lists all")
        said.say(text.format(n=f"{limit:,}"))


def _test(field: str, value: str) -> list[str]:
    if not value:
        return []
    return [f'{field}:"{value}"' if set(value) & set(" ,") else f"{field}:{value}"]
