"""What a plan changes of people on file, field by field, for whoever reads it before it is applied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rcaid.locale import _
from rcaid.screens.desk_plans import field_name
from rcaid.services.importing.plans import FieldChange


def lines(changes: Sequence[FieldChange], limit: int = 0) -> Iterator[str]:
    """One line a field, old and new masked; ``limit`` 0 is all."""
    if changes:
        yield f"{_('changed fields')}: {len(changes):,}"
    for each in changes[: limit or None]:
        text = _("row {row}: {field}: {before} → {after}").format(
            row=each.row, field=field_name(each.field), before=each.before or "-",
            after=each.after or "-",
        )  # fmt: skip
        waits = f" ({_('waits for a second person')})" if each.waits else ""
        yield f"  {text}{waits}"
    if limit and len(changes) > limit:
        yield "  " + _("and {n} more").format(n=len(changes) - limit)


def data(changes: Sequence[FieldChange]) -> list[dict[str, Any]]:
    """The same with stable keys."""
    return [
        {
            "row": each.row, "noun": each.noun, "id": each.row_id, "field": each.field,
            "before": each.before, "after": each.after, "waits": each.waits,
        }
        for each in changes
    ]  # fmt: skip
