"""BR-031 to BR-035: quota from the city to the streets, each level within the one above."""

from __future__ import annotations

import pytest

from rcaid.services import programmes, quotas, rosters
from rcaid.services.importing import imports
from tests.services.conftest import JD, JD_STREETS, PD, Society
from tests.services.writing import contents, newcomer, next_cycle, refused, rows

CITY = "310000"
COLUMNS = ("单位代码", "单位", "类别", "名额")


def fresh(society: Society, *lines: tuple[str, str, int]) -> None:
    """A cycle 24A with nothing but these quotas."""
    next_cycle(society, "24A")
    rows(
        society.admin.store,
        "DELETE FROM quota WHERE cycle_id = (SELECT id FROM cycle WHERE code = '24A') RETURNING id",
    )
    put(society, *lines)


def put(society: Society, *lines: tuple[str, str, int], cycle: str = "24A") -> None:
    """Sets quotas together, as the city's reviewer."""
    desk = society.desk("sh-reviewer")
    found = programmes.cycle(desk, cycle)
    wanted = {(society.office(code), category): n for code, category, n in lines}
    desk.write(
        "quota.set", society.office(CITY), lambda unit: quotas.put(desk, unit, found, wanted)
    )


OVER = [
    [(CITY, "*", 10), (JD, "*", 11)],
    [(CITY, "*", 10), (JD, "*", 6), (PD, "*", 5)],
    [(CITY, "*", 10), (JD, "*", 5), (JD_STREETS[0], "*", 3), (JD_STREETS[1], "*", 3)],
    [(JD, "*", 1)],
    [(CITY, "tumour", 5), (JD, "tumour", 6)],
    [(CITY, "tumour", 5), (JD, "mental", 1)],
    [(CITY, "*", 10), (JD, "tumour", 6), (JD, "mental", 5)],
    [(CITY, "*", 10), (JD, "tumour", 6), (PD, "mental", 5)],
    [(CITY, "*", 10), (CITY, "tumour", 4), (JD, "tumour", 5)],
]
WITHIN = [
    [(CITY, "*", 10), (JD, "*", 10)],
    [(CITY, "*", 10), (JD, "*", 5), (PD, "*", 5), (JD_STREETS[0], "*", 5)],
    [(CITY, "tumour", 5), (CITY, "mental", 5), (JD, "tumour", 5), (PD, "mental", 5)],
    [(CITY, "*", 10), (JD, "tumour", 5), (JD, "mental", 5)],
    [(CITY, "*", 10), (CITY, "tumour", 4), (JD, "*", 10), (JD, "tumour", 4)],
    [(CITY, "*", 0)],
]


def test_br_031_no_level_gives_more_than_it_has(society: Society) -> None:
    fresh(society)
    before = contents(society.admin.store)
    for lines in OVER:
        with refused("quota.overdraft"):
            put(society, *lines)
        assert contents(society.admin.store) == before


def test_br_031_what_is_given_may_use_up_what_there_is(society: Society) -> None:
    for n, lines in enumerate(WITHIN):
        next_cycle(society, f"25{n}")
        rows(society.admin.store, f"DELETE FROM quota WHERE cycle_id = (SELECT id FROM cycle WHERE code = '25{n}') RETURNING id")  # fmt: skip
        put(society, *lines, cycle=f"25{n}")


def test_br_031_an_office_is_not_lowered_below_what_it_gave(society: Society) -> None:
    fresh(society, (CITY, "*", 10), (JD, "*", 8), (JD_STREETS[0], "*", 8))
    for code in (CITY, JD):
        with refused("quota.overdraft"):
            put(society, (code, "*", 7))


def test_a_quota_is_not_lowered_below_what_is_used(society: Society) -> None:
    society.import_roster([society.person(1, "王伟"), society.person(2, "赵敏", 类别="失智")])
    desk = society.desk("jd-reviewer")
    with refused("quota.used"):
        quotas.set_one(desk, "22A", JD_STREETS[0], "*", 1)
    quotas.set_one(desk, "22A", JD_STREETS[0], "*", 2)


def test_br_033_used_is_counted_from_lines_and_frees_with_them(society: Society) -> None:
    [roster] = society.import_roster([society.person(n, f"人{n}") for n in (1, 2, 3)])
    desk = society.desk("jd-reviewer")

    def used() -> tuple[int, int]:
        street, district = (
            quotas.show(desk, "22A", (society.office(code),))[0] for code in (JD_STREETS[0], JD)
        )
        return street.used, district.used

    assert used() == (3, 3)
    rosters.strike(society.desk("jd-verifier"), "22A-JD-00003", "moved")
    assert used() == (2, 2)
    society.approve(roster)
    society.bank_result(society.pay(), {"22A-JD-00001-1C": "17", "22A-JD-00002-1C": "00"})
    assert used() == (2, 2)


def test_br_033_a_lapsed_line_frees_its_quota(society: Society) -> None:
    from rcaid.services.entitlements import settle_rest

    [roster] = society.import_roster([society.person(1, "王伟")])
    society.approve(roster)
    settle_rest(society.desk("sh-approver"), "22A")

    [shown] = quotas.show(society.desk("jd-reviewer"), "22A", (society.office(JD_STREETS[0]),))
    assert (shown.used, shown.left) == (0, 50)


def test_a_line_without_any_quota_is_rejected(society: Society) -> None:
    fresh(society, (CITY, "*", 10), (JD, "*", 10), (JD_STREETS[1], "*", 5))
    path = society.write([society.person(1, "王伟")])
    found = imports.plan(
        society.desk("jd-caseworker"), path, "roster", cycle_code="24A",
        target=path.with_suffix(".plan"),
    )  # fmt: skip
    assert [problem.code for problem in found.problems] == ["quota.none"]


def test_a_category_has_its_own_limit_beside_the_total(society: Society) -> None:
    fresh(
        society, (CITY, "*", 10), (CITY, "tumour", 2), (JD, "*", 10), (JD, "tumour", 2),
        (JD_STREETS[0], "*", 3), (JD_STREETS[0], "tumour", 1),
    )  # fmt: skip
    needs = ["肿瘤", "肿瘤", "失智", "失智", "失智"]
    path = society.write([society.person(n, f"人{n}", 类别=c) for n, c in enumerate(needs, 1)])
    found = imports.plan(
        society.desk("jd-caseworker"), path, "roster", cycle_code="24A",
        target=path.with_suffix(".plan"),
    )  # fmt: skip
    assert [(p.row, p.params["category"]) for p in found.problems] == [(3, "tumour"), (6, "*")]


def sheet(society: Society, *lines: tuple[str, str, str], login: str = "sh-reviewer") -> imports.Planned:  # fmt: skip
    path = society.write([dict(zip(COLUMNS, (c, "", k, n), strict=True)) for c, k, n in lines], COLUMNS)  # fmt: skip
    return imports.plan(
        society.desk(login), path, "quota", cycle_code="24A", target=path.with_suffix(".plan")
    )


def test_a_quota_sheet_sets_the_whole_tree(society: Society) -> None:
    fresh(society)
    planned = sheet(society, (CITY, "*", "10"), (JD, "合计", "8"), (JD_STREETS[0], "", "8"))
    done = imports.apply(society.desk("sh-reviewer"), planned.path)

    assert (done.batch.rows_new, done.batch.rows_rejected) == (3, 0)
    again = sheet(society, (CITY, "*", "11"), (JD, "*", "8"), (JD_STREETS[0], "*", "7"))
    facts = again.facts
    assert (facts.rows_new, facts.rows_updated, facts.rows_unchanged) == (0, 2, 1)
    imports.apply(society.desk("sh-reviewer"), again.path)
    [shown] = quotas.show(society.desk("jd-reviewer"), "24A", (society.office(JD_STREETS[0]),))
    assert shown.allotted == 7


def test_a_quota_sheet_that_overdraws_sets_nothing(society: Society) -> None:
    fresh(society)
    planned = sheet(society, (CITY, "*", "10"), (JD, "*", "8"), (PD, "*", "3"))
    before = contents(society.admin.store)

    with refused("quota.overdraft"):
        imports.apply(society.desk("sh-reviewer"), planned.path)
    assert contents(society.admin.store) == before


def test_wrong_rows_of_a_quota_sheet_are_named(society: Society) -> None:
    fresh(society)
    pseudo = next(o for o in society.admin.offices.all if o.pseudo)
    found = sheet(
        society, (CITY, "*", "10"), ("999999", "*", "1"), (JD, "高血压", "1"), (JD, "*", "-1"),
        (JD, "*", "1.5"), (JD, "*", "5"), (JD, "*", "5"), (pseudo.code, "*", "1"),
    ).problems  # fmt: skip

    assert [(p.row, p.column, p.code) for p in found] == [
        (3, "单位代码", "office.unknown"),
        (4, "类别", "category.unknown"),
        (5, "名额", "quota.number"),
        (6, "名额", "quota.number"),
        (8, "单位代码", "row.repeated"),
        (9, "名额", "quota.pseudo"),
    ]


def test_br_035_a_pseudo_street_may_have_a_quota_of_none(society: Society) -> None:
    fresh(society)
    pseudo = next(o for o in society.admin.offices.all if o.pseudo)
    assert sheet(society, (pseudo.code, "*", "0")).problems == []


@pytest.mark.parametrize("code", [JD, CITY, PD])
def test_a_district_sets_its_streets_and_never_itself(society: Society, code: str) -> None:
    desk = society.desk("jd-reviewer")
    quotas.set_one(desk, "22A", JD_STREETS[0], "*", 40)
    before = contents(society.admin.store)
    with refused("who.no_duty"):
        quotas.set_one(desk, "22A", code, "*", 5000)
    next_cycle(society, "24A")
    found = sheet(society, (code, "*", "5000"), login="jd-reviewer").problems
    assert [p.code for p in found] == ["office.unknown"]
    assert contents(society.admin.store)["aid_case"] == before["aid_case"]


def test_quota_is_shown_within_ones_own_offices(society: Society) -> None:
    every = tuple(office.id for office in society.admin.offices.all)
    street = newcomer(society, "street", "caseworker", office=JD_STREETS[0])
    shown = quotas.show(street, "22A", every)

    assert [line.office_id for line in shown] == [society.office(JD_STREETS[0])]
    with refused("who.no_duty"):
        quotas.show(society.desk("jd-releaser"), "22A", every)


def test_an_unknown_office_or_cycle_has_no_quota(society: Society) -> None:
    with refused("office.unknown"):
        quotas.set_one(society.desk("sh-reviewer"), "22A", "999", "*", 1)
    with refused("cycle.unknown"):
        quotas.set_one(society.desk("sh-reviewer"), "99Z", JD, "*", 1)
