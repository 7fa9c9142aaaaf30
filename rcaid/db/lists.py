"""Pages of the lists: one SQL text for each, put together from fixed pieces and named parameters.

A page is found by its keys alone and only then read in full, so that no wide row is sorted. There
is no OFFSET: a page begins behind the key of the row before it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from rcaid.db.engine import Row, Statement, Store, statement
from rcaid.db.people import chunks

MOST_COUNTED = 10_000
"""A free filter is counted up to here (model.md, Counting)."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must hold. ``kind``: ``in`` (values), ``span`` (pairs of first and last, None
    for an open end), ``like`` (patterns with % and _), ``missing`` (no value) or ``words`` (one
    text in the engine's search language). Several values are alternatives."""

    field: str
    kind: str
    values: tuple[Any, ...] = ()
    negated: bool = False

    def holds(self, value: Any) -> bool:
        """Whether a value meets an ``in`` condition."""
        return (value in self.values) is not self.negated


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a place; ``around`` is what the test on it stands in, such as an EXISTS. A
    ``far`` one needs the place's ``joined``."""

    name: str
    around: str = "{}"
    far: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A list. ``start`` is the table of its keys, ``more`` what the columns need besides; ``key``
    is unique; ``sorts`` maps a sort to its expression; ``fen`` is the money of a row."""

    start: str
    more: str
    shown: str
    id: str
    key: str
    fen: str
    version: str
    fields: dict[str, Column]
    sorts: dict[str, str]
    joined: str = ""


_LINE_OF = (
    "EXISTS (SELECT 1 FROM entitlement e JOIN disbursement d ON d.entitlement_id = e.id"
    " WHERE e.case_id = c.id AND {})"
)
_LINE_OF_PERSON = (
    "EXISTS (SELECT 1 FROM aid_case c JOIN entitlement e ON e.case_id = c.id"
    " JOIN disbursement d ON d.entitlement_id = e.id WHERE c.person_id = p.id AND {})"
)
_CASE_OF_PERSON = "EXISTS (SELECT 1 FROM aid_case c WHERE c.person_id = p.id AND {})"
_APPLICATION = "EXISTS (SELECT 1 FROM application a WHERE a.id = c.id AND {})"
_GIVEN = "d.state IN ('paid', 'delivered') AND {}"
_MAKER = "EXISTS (SELECT 1 FROM maker m WHERE m.object_id = %s AND {})"

PLACES: dict[str, Place] = {
    "cases": Place(
        start="aid_case c",
        more="JOIN person p ON p.id = c.person_id LEFT JOIN roster r ON r.id = c.roster_id"
        " LEFT JOIN application a ON a.id = c.id",
        joined="JOIN person p ON p.id = c.person_id",
        shown="c.id, c.case_no, c.roster_id, r.number, r.state, r.rounds, c.office_id, c.cycle_id,"
        " c.category, c.hardship, c.hardship_until, c.state, c.fen, c.item_id, c.qty, c.version,"
        " p.id, p.name, p.sex, p.born, p.died_on, p.state, p.office_id, c.lane, a.due_on,"
        " a.paused_on",
        id="c.id",
        key="c.case_no",
        fen="c.fen",
        version="c.version",
        sorts={"case": "", "amount": "COALESCE(c.fen, 0)"},
        fields={
            "office": Column("c.office_id"),
            "step": Column("c.state"),
            "category": Column("c.category"),
            "hardship": Column("c.hardship"),
            "amount": Column("c.fen"),
            "case": Column("c.case_no"),
            "roster": Column("c.roster_id"),
            "cycle": Column("c.cycle_id"),
            "person": Column("c.person_id"),
            "name": Column("lower(p.name)", far=True),
            "sex": Column("p.sex", far=True),
            "born": Column("p.born", far=True),
            # The plus keeps the engine from trying each person found against each row.
            "words": Column("+p.doc", far=True),
            "by": Column("m.staff_id", _MAKER % "c.roster_id"),
            "batch": Column(
                "d.batch_id",
                "c.id IN (SELECT e.case_id FROM disbursement d"
                " JOIN entitlement e ON e.id = d.entitlement_id WHERE {})",
            ),
            "line": Column("d.state", _LINE_OF),
            "right": Column(
                "e.state", "EXISTS (SELECT 1 FROM entitlement e WHERE e.case_id = c.id AND {})"
            ),
            "helped": Column("d.done_on", _LINE_OF.format(_GIVEN)),
            "lane": Column("c.lane"),
            "due": Column("a.due_on", _APPLICATION.format("a.paused_on IS NULL AND {}")),
            "received": Column("a.received_on", _APPLICATION),
            "answered": Column(
                "t.action", "EXISTS (SELECT 1 FROM case_action t WHERE t.case_id = c.id AND {})"
            ),
            "missing": Column(
                "w.code",
                "EXISTS (SELECT 1 FROM case_paper w WHERE w.case_id = c.id"
                " AND w.state = 'missing' AND {})",
            ),
        },
    ),
    "rosters": Place(
        start="roster r",
        more="",
        shown="r.id, r.number, r.cycle_id, r.office_id, r.state, r.supplements, r.rounds, r.lines,"
        " r.opened_on, r.version",
        id="r.id",
        key="r.number",
        fen="0",
        version="r.version",
        sorts={"roster": "", "n": "r.lines"},
        fields={
            "office": Column("r.office_id"),
            "step": Column("r.state"),
            "cycle": Column("r.cycle_id"),
            "roster": Column("r.number"),
            "n": Column("r.lines"),
            "date": Column("r.opened_on"),
            "by": Column("m.staff_id", _MAKER % "r.id"),
            "did": Column("m.act", _MAKER % "r.id"),
        },
    ),
    "people": Place(
        start="person p",
        more="",
        shown="p.id",
        id="p.id",
        key="p.doc",
        fen="0",
        version="p.version",
        sorts={"name": ""},
        fields={
            "person": Column("p.id"),
            "name": Column("lower(p.name)"),
            "sex": Column("p.sex"),
            "born": Column("p.born"),
            "words": Column("p.doc"),
            "alive": Column("p.state"),
            "hardship": Column("c.hardship", _CASE_OF_PERSON),
            "category": Column("c.category", _CASE_OF_PERSON),
            "roster": Column("c.roster_id", _CASE_OF_PERSON),
            "cycle": Column("c.cycle_id", _CASE_OF_PERSON),
            "helped": Column("d.done_on", _LINE_OF_PERSON.format(_GIVEN)),
        },
    ),
    "batches": Place(
        start="batch b",
        more="JOIN round t ON t.id = b.round_id",
        joined="JOIN round t ON t.id = b.round_id",
        shown="b.id, b.number, t.cycle_id, t.number, b.office_id, b.kind, b.state, b.lines, b.fen,"
        " b.qty, b.left_out, b.released_on, b.version",
        id="b.id",
        key="b.id",
        fen="b.fen",
        version="b.version",
        sorts={"batch": "b.number", "amount": "b.fen"},
        fields={
            "office": Column("b.office_id"),
            "step": Column("b.state"),
            "kind": Column("b.kind"),
            "cycle": Column("t.cycle_id", far=True),
            "batch": Column("b.number"),
            "amount": Column("b.fen"),
            "n": Column("b.lines"),
            "date": Column("b.released_on"),
            "by": Column("m.staff_id", _MAKER % "b.id"),
        },
    ),
    "imports": Place(
        start="import_batch i",
        more="",
        shown="i.id, i.kind, i.cycle_id, i.office_id, i.staff_id, i.file_name, i.state,"
        " i.applied_on, i.rows_read, i.rows_new, i.rows_updated, i.rows_unchanged,"
        " i.rows_rejected, i.fen, i.version, COALESCE(i.rows_undecided, 0)",
        id="i.id",
        key="i.id",
        fen="i.fen",
        version="i.version",
        sorts={"date": "i.applied_on"},
        fields={
            "office": Column("i.office_id"),
            "step": Column("i.state"),
            "kind": Column("i.kind"),
            "cycle": Column("i.cycle_id"),
            "n": Column("i.rows_read"),
            "rejected": Column("(i.rows_rejected + COALESCE(i.rows_undecided, 0))"),
            "import": Column("i.id"),
            "file": Column("lower(i.file_name)"),
            "date": Column("i.applied_on"),
            "by": Column("i.staff_id"),
        },
    ),
}

_SEARCHED = {
    "sqlite": "{} IN (SELECT rowid FROM person_search WHERE person_search MATCH :{})",
    "postgres": "{} IN (SELECT doc FROM person_search WHERE tokens @@ CAST(:{} AS tsquery))",
}


class Asked(NamedTuple):
    """What a page is asked for: the conditions, the sort with ``-`` before it for the other way,
    the key of the row it begins behind (sort value and key), and the way it is read."""

    place: str
    conditions: tuple[Condition, ...]
    sort: str = ""
    after: tuple[Any, Any] | None = None
    backward: bool = False


def _test(place: Place, engine: str, each: Condition, name: str, params: dict[str, Any]) -> str:
    """The SQL of one condition; its values go into ``params`` under names of their own."""
    column = place.fields[each.field]
    tests = []
    for n, value in enumerate(each.values):
        mark = f"{name}_{n}"
        if each.kind == "span":
            low, high = value
            ends = [
                f"{column.name} {sign} :{mark}{end}"
                for end, sign, bound in (("a", ">=", low), ("b", "<=", high))
                if bound is not None
            ]
            params.update({f"{mark}a": low, f"{mark}b": high})
            tests.append(f"({' AND '.join(ends)})" if ends else "1 = 1")
            continue
        params[mark] = value
        if each.kind == "like":
            tests.append(f"{column.name} LIKE :{mark} ESCAPE '!'")
        elif each.kind == "words":
            tests.append(_SEARCHED[engine].format(column.name, mark))
    if each.kind == "in":
        marks = ", ".join(f":{name}_{n}" for n in range(len(each.values))) or "NULL"
        tests = [f"{column.name} IN ({marks})"]
    elif each.kind == "missing":
        # Of something that may be there or not, none is there; of a column, it is empty.
        exists = "EXISTS" in column.around
        tests = [f"{column.name} IS {'NOT ' if exists else ''}NULL"]
    text = column.around.format(f"({' OR '.join(tests)})")
    turned = each.negated is not (each.kind == "missing" and "EXISTS" in column.around)
    return f"CASE WHEN {text} THEN 0 ELSE 1 END = 1" if turned else text


def _where(store: Store, place: Place, asked: Asked, params: dict[str, Any]) -> tuple[str, str]:
    """The FROM of the keys and the tests on them, WHERE included if there are any."""
    tests = [
        _test(place, store.engine, each, f"p{n}", params) for n, each in enumerate(asked.conditions)
    ]
    far = any(place.fields[each.field].far for each in asked.conditions)
    start = f"{place.start} {place.joined}" if far else place.start
    return start, " AND ".join(tests)


def page_statement(store: Store, asked: Asked, limit: int) -> tuple[Statement, dict[str, Any]]:
    """The statement of a page and its parameters."""
    place = PLACES[asked.place]
    down = asked.sort.startswith("-")
    order = place.sorts.get(asked.sort.lstrip("-"), "")
    params: dict[str, Any] = {"limit": limit}
    start, where = _where(store, place, asked, params)
    way, sign = ("DESC", "<") if down is not asked.backward else ("ASC", ">")
    keys = f"{order or place.key} AS k0, {place.key} AS k1"
    tests = [where] if where else []
    if asked.after is not None:
        if order:
            tests.append(f"({order}, {place.key}) {sign} (:after_0, :after_1)")
            params["after_0"] = asked.after[0]
        else:
            tests.append(f"{place.key} {sign} :after_1")
        params["after_1"] = asked.after[1]
    inner = (
        f"SELECT {keys} FROM {start}{' WHERE ' if tests else ''}{' AND '.join(tests)}"
        f" ORDER BY {f'{order} {way}, ' if order else ''}{place.key} {way} LIMIT :limit"
    )
    text = (
        f"SELECT k.k0, k.k1, {place.shown} FROM ({inner}) k"
        f" JOIN {place.start} ON {place.key} = k.k1 {place.more}"
        f" ORDER BY k.k0 {way}, k.k1 {way}"
    )
    return Statement("", text), params


def page(store: Store, asked: Asked, limit: int) -> list[Row]:
    """Rows in list order; the first two values of each are its sort value and its key."""
    query, params = page_statement(store, asked, limit)
    rows = store.rows(query, params)
    return rows[::-1] if asked.backward else rows


def count(store: Store, asked: Asked, most: int = MOST_COUNTED) -> tuple[int, int]:
    """How many fit and their money in fen; ``most`` + 1 means that there are more."""
    place = PLACES[asked.place]
    params: dict[str, Any] = {"most": most + 1}
    start, where = _where(store, place, asked, params)
    text = (
        "SELECT count(*), CAST(COALESCE(SUM(t.fen), 0) AS BIGINT) FROM"
        f" (SELECT {place.fen} AS fen FROM {start}{f' WHERE {where}' if where else ''}"
        " LIMIT :most) t"
    )
    n, fen = store.rows(Statement("", text), params)[0]
    return int(n), int(fen)


def everything(store: Store, asked: Asked, most: int) -> list[Row]:
    """Id, money in fen and version of all that fit, in no order, at most ``most``."""
    place = PLACES[asked.place]
    params: dict[str, Any] = {"most": most}
    start, where = _where(store, place, asked, params)
    text = (
        f"SELECT {place.id}, COALESCE({place.fen}, 0), {place.version} FROM {start}"
        f"{f' WHERE {where}' if where else ''} LIMIT :most"
    )
    return store.rows(Statement("", text), params)


_MAKERS = statement(
    "maker.of_many",
    "SELECT object_id, staff_id, act FROM maker WHERE object_id IN (:objects)",
    lists=("objects",),
)
_ROSTER_IDS = statement(
    "roster.ids_like", "SELECT id FROM roster WHERE number LIKE :pattern ESCAPE '!' ORDER BY number"
)
_BATCH_IDS = statement(
    "batch.ids_like", "SELECT id FROM batch WHERE number LIKE :pattern ESCAPE '!' ORDER BY number"
)


def makers(store: Store, objects: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """For each of these objects who had which part in it, as (staff id, act)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for piece in chunks(objects):
        for object_id, staff, act in store.rows(_MAKERS, {"objects": piece}):
            found.setdefault(object_id, []).append((staff, act))
    return found


def like(text: str) -> str:
    """A pattern that finds a text anywhere, its own % and _ taken literally."""
    return f"%{literal(text)}%"


def literal(text: str) -> str:
    """A text with what means something in a pattern taken literally."""
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def roster_ids(store: Store, text: str, whole: bool = False) -> tuple[str, ...]:
    """Ids of the rosters whose number holds a text, or is it."""
    pattern = literal(text) if whole else like(text)
    return tuple(id for (id,) in store.rows(_ROSTER_IDS, {"pattern": pattern}))


def batch_ids(store: Store, text: str, whole: bool = False) -> tuple[str, ...]:
    """Ids of the batches whose number holds a text, or is it."""
    pattern = literal(text) if whole else like(text)
    return tuple(id for (id,) in store.rows(_BATCH_IDS, {"pattern": pattern}))
