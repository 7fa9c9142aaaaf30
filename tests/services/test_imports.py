"""Roster files: each row listed or rejected with its place and reason, nothing half done."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from rcaid.db import imports as import_rows
from rcaid.domain.errors import Unusable
from rcaid.domain.identity import make_number
from rcaid.services import programmes, quotas, rosters
from rcaid.services.importing import imports
from rcaid.services.importing.plans import Rejected
from tests.services.conftest import JD, JD_STREETS, Society
from tests.services.writing import BOX, contents, lines, next_cycle, number, people, refused, rows

Cells = dict[str, str]
GOOD = make_number("310199", "19500101", 1)
DAMAGED = GOOD[:17] + ("1" if GOOD[17] != "1" else "2")


def planned(society: Society, *people: Cells, login: str = "jd-caseworker") -> imports.Planned:
    """The plan of a roster file of these rows."""
    path = society.write(people)
    target = path.with_suffix(".plan")
    return imports.plan(society.desk(login), path, "roster", cycle_code="22A", target=target)


def said(found: imports.Planned) -> list[tuple[int, str, str, str]]:
    """(row, heading, value, code) of each problem."""
    return [(each.row, each.column, each.value, each.code) for each in found.problems]


WRONG: list[tuple[str, str, str]] = [
    ("identity.checksum", "证件号码", DAMAGED),
    ("identity.scientific", "证件号码", "3.10199E+17"),
    ("identity.rounded", "证件号码", "310199195001011000"),
    ("identity.date", "证件号码", "310199195002300013"),
    ("identity.future", "证件号码", make_number("310199", "20300101", 3)),
    ("identity.length", "证件号码", "3101991950010100"),
    ("identity.letters", "证件号码", "31019919500101A01X"),
    ("identity.kind", "证件类型", "学生证"),
    ("row.required", "证件号码", ""),
    ("row.required", "姓名", ""),
    ("row.required", "街道", ""),
    ("row.required", "类别", ""),
    ("row.required", "银行账号", ""),
    ("phone.scientific", "联系电话", "1.38E+10"),
    ("phone.format", "联系电话", "12345"),
    ("identity.checksum", "户主证件号码", DAMAGED),
    ("office.unknown", "街道", "红旗镇"),
    ("category.unknown", "类别", "高血压"),
    ("hardship.unknown", "困难类型", "富裕"),
    ("date.format", "困难证明有效期", "明年"),
    ("money.words", "金额", "三百元"),
    ("money.decimals", "金额", "500.555"),
    ("money.negative", "金额", "-500"),
    ("money.range", "金额", "5"),
    ("money.range", "金额", "1000.01"),
    ("item.unknown", "物资", "大米"),
    ("account.scientific", "银行账号", "6.2284E+18"),
    ("account.letters", "银行账号", "62A4"),
    ("account.length", "银行账号", "6228"),
    ("text.control", "姓名", "王\x1b[31m伟"),
    ("text.bidi", "地址", "幸福路\u202e1号"),
    ("text.private_use", "姓名", "王\ue000"),
]


def test_br_091_each_wrong_cell_is_named_by_row_column_value_and_code(society: Society) -> None:
    wrong = [
        society.person(n, f"人{n}") | {heading: value}
        for n, (_, heading, value) in enumerate(WRONG, start=1)
    ]
    found = planned(society, society.person(99, "赵敏"), *wrong, society.person(98, "李娜"))

    assert said(found) == [
        (row, heading, value, code) for row, (code, heading, value) in enumerate(WRONG, start=3)
    ]
    assert not any(problem.warning for problem in found.problems)
    assert found.facts.rows_read == len(WRONG) + 2
    assert (found.facts.rows_new, found.facts.rows_rejected) == (2, len(WRONG))


def test_every_wrong_cell_of_a_row_is_named_not_only_the_first(society: Society) -> None:
    row = society.person(1, "王伟", 类别="感冒", 金额="待定", 联系电话="12345")

    assert {code for *_, code in said(planned(society, row))} == {
        "category.unknown",
        "money.words",
        "phone.format",
    }


def test_a_row_with_neither_money_nor_goods_is_rejected(society: Society) -> None:
    found = planned(society, society.person(1, "王伟", 金额="", 银行账号=""))

    assert said(found) == [(2, "金额", "", "row.nothing")]


def test_br_092_a_row_longer_than_the_header_is_rejected(society: Society) -> None:
    path = society.write([society.person(1, "王伟")])
    text = path.read_text(encoding="utf-8-sig").rstrip("\n")
    path.write_text(text + ",多,余\n", encoding="utf-8-sig")

    found = imports.plan(
        society.desk("jd-caseworker"), path, "roster", cycle_code="22A",
        target=society.folder / "long.plan",
    )  # fmt: skip

    assert [problem.code for problem in found.problems] == ["row.long"]


def test_br_004_the_second_row_of_a_number_is_rejected_in_its_old_form_too(
    society: Society,
) -> None:
    old = GOOD[:6] + GOOD[8:17]
    found = planned(society, society.person(1, "王伟"), society.person(1, "王伟", 证件号码=old))

    assert said(found) == [(3, "证件号码", old, "row.repeated")]
    assert found.problems[0].params == {"first": 2}


@pytest.mark.parametrize(
    ("heading", "typed", "column"),
    [
        ("证件号码", " " + GOOD + "　", "number"),
        ("证件号码", GOOD.translate(str.maketrans("0123456789", "０１２３４５６７８９")), "number"),
        ("联系电话", "+86 138-0000-0001", "phone"),
        ("银行账号", "6222 0000 0000 0001", "account"),
    ],
)
def test_br_005_what_can_be_normalised_is_taken(
    society: Society, heading: str, typed: str, column: str
) -> None:
    found = planned(society, society.person(1, "王伟") | {heading: typed})

    assert said(found) == []
    assert found.facts.rows_new == 1


def test_br_002_an_unknown_region_in_a_number_rejects_nothing(society: Society) -> None:
    row = society.person(1, "王伟", 证件号码=make_number("310199", "19550505", 7))

    assert said(planned(society, row)) == []


def test_br_011_the_name_is_cleaned_and_the_raw_one_kept_sealed(society: Society) -> None:
    society.import_roster([society.person(1, "王 伟"), society.person(2, "买买提.艾山")])

    found = people(society.admin.store)
    assert set(found) == {"王伟", "买买提·艾山"}
    person = found["王伟"]
    assert person.sealed is not None
    opened = society.admin.keys.open("person", person.id, bytes(person.sealed))[1]
    assert opened["raw_name"] == "王 伟"


def test_br_016_a_deceased_person_is_not_listed_again(society: Society) -> None:
    from rcaid.services import deaths

    society.import_roster([society.person(1, "王伟")])
    person = people(society.admin.store)["王伟"]
    deaths.record(society.desk("jd-caseworker"), person.id, "2022-01-31", "registry")
    next_cycle(society)

    path = society.write([society.person(1, "王伟")])
    found = imports.plan(
        society.desk("jd-caseworker"), path, "roster", cycle_code="22B",
        target=society.folder / "again.plan",
    )  # fmt: skip
    assert [code for *_, code in said(found)] == ["case.deceased"]


def test_a_plan_writes_nothing_but_the_event_that_says_so(society: Society) -> None:
    store = society.admin.store
    before = contents(store)
    events = number(store, "SELECT count(*) FROM audit_event")

    planned(society, society.person(1, "王伟"), society.person(2, "赵敏", 类别="感冒"))

    assert contents(store) == before
    assert number(store, "SELECT count(*) FROM audit_event") == events + 1
    newest = rows(store, "SELECT act, line FROM audit_event ORDER BY at DESC, seq DESC LIMIT 1")[0]
    assert newest[0] == "import.roster"
    assert json.loads(newest[1])["rows"] == 0


def test_a_file_that_is_no_table_leaves_no_plan_behind(society: Society) -> None:
    path = society.folder / "picture.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))

    with pytest.raises(Unusable):
        imports.plan(
            society.desk("jd-caseworker"), path, "roster", cycle_code="22A",
            target=society.folder / "picture.plan",
        )  # fmt: skip
    assert not list(society.folder.glob("*picture.plan*"))


def test_a_missing_column_is_one_sentence_for_the_whole_file(society: Society) -> None:
    headings = ("姓名", "街道", "类别", "金额", "银行账号")
    path = society.write([society.person(1, "王伟")], headings)

    with refused("header.missing", by=Unusable):
        imports.plan(society.desk("jd-caseworker"), path, "roster", cycle_code="22A")


def test_br_091_the_same_file_again_is_known_and_makes_no_plan(society: Society) -> None:
    path = society.write([society.person(1, "王伟")])
    _, first = society.take_in(path, "roster", "jd-caseworker", "22A")
    copy = society.folder / "copy under another name.csv"
    copy.write_bytes(path.read_bytes())
    before = contents(society.admin.store)

    again = imports.plan(
        society.desk("jd-caseworker"), copy, "roster", cycle_code="22A",
        target=society.folder / "copy.plan",
    )  # fmt: skip

    assert again.known is not None
    assert again.known.id == first.batch.id
    assert not (society.folder / "copy.plan").exists()
    assert contents(society.admin.store) == before


def test_br_091_a_second_apply_reports_the_first_and_changes_nothing(society: Society) -> None:
    found = planned(society, society.person(1, "王伟"))
    first = imports.apply(society.desk("jd-caseworker"), found.path, keep=True)
    before = contents(society.admin.store)
    events = number(society.admin.store, "SELECT count(*) FROM audit_event")

    second = imports.apply(society.desk("jd-caseworker"), found.path, keep=True)

    assert (second.again, second.batch.id, second.entry) == (True, first.batch.id, None)
    assert contents(society.admin.store) == before
    assert number(society.admin.store, "SELECT count(*) FROM audit_event") == events


def test_two_plans_of_one_file_come_in_once(society: Society) -> None:
    path = society.write([society.person(1, "王伟")])
    plans = [
        imports.plan(
            society.desk("jd-caseworker"), path, "roster", cycle_code="22A",
            target=society.folder / f"{n}.plan",
        )
        for n in (1, 2)
    ]  # fmt: skip
    first = imports.apply(society.desk("jd-caseworker"), plans[0].path)
    second = imports.apply(society.desk("jd-caseworker"), plans[1].path)

    assert second.again
    assert second.batch.id == first.batch.id
    assert len(lines(society.admin.store)) == 1


def test_the_same_rows_in_another_file_are_unchanged(society: Society) -> None:
    rows_ = [society.person(1, "王伟"), society.person(2, "赵敏")]
    society.import_roster(rows_)
    found = planned(society, *reversed(rows_))

    assert (found.facts.rows_new, found.facts.rows_unchanged) == (0, 2)
    assert said(found) == []


def test_a_person_listed_with_other_help_is_rejected_by_case_number(society: Society) -> None:
    society.import_roster([society.person(1, "王伟")])
    found = planned(society, society.person(1, "王伟", 金额="600"))

    assert said(found) == [(2, "证件号码", GOOD, "case.listed")]
    assert found.problems[0].params == {"case": "22A-JD-00001"}


def test_rejected_rows_come_out_with_cells_and_problems_and_go_in_mended(
    society: Society,
) -> None:
    path = society.write([society.person(1, "王伟"), society.person(2, "赵敏", 类别="感冒")])
    _, done = society.take_in(path, "roster", "jd-caseworker", "22A")

    [(row, cells, problems)] = imports.rejects(society.desk("jd-caseworker"), done.batch)
    assert row == 3
    assert cells[0] == "赵敏"
    assert [problem["code"] for problem in problems] == ["category.unknown"]

    mended = society.write([society.person(2, "赵敏")])
    again, _ = society.take_in(mended, "roster", "jd-caseworker", "22A")
    assert (again.facts.rows_new, again.facts.rows_rejected) == (1, 0)
    assert sorted(lines(society.admin.store)) == ["22A-JD-00001", "22A-JD-00002"]


def test_the_cells_of_rejected_rows_are_sealed(society: Society) -> None:
    path = society.write([society.person(1, "王伟", 类别="感冒")])
    _, done = society.take_in(path, "roster", "jd-caseworker", "22A")

    [(*_, problems, sealed)] = import_rows.outcomes(society.admin.store, done.batch.id)
    for private in ("王伟", GOOD, "13800000001"):
        assert private.encode() not in bytes(sealed)
        assert private not in problems


def test_case_numbers_follow_the_file_and_skip_rejected_rows(society: Society) -> None:
    rows_ = [society.person(n, f"人{n}") for n in range(1, 6)]
    rows_[2]["类别"] = "感冒"
    society.import_roster(rows_)

    found = lines(society.admin.store)
    names = {person.id: name for name, person in people(society.admin.store).items()}
    assert [names[found[case].person_id] for case in sorted(found)] == ["人1", "人2", "人4", "人5"]
    assert sorted(found) == [f"22A-JD-{n:05}" for n in range(1, 5)]


def test_one_roster_for_each_street_is_left_submitted(society: Society) -> None:
    streets = [society.street(code) for code in JD_STREETS]
    numbers = society.import_roster(
        [society.person(n, f"人{n}", 街道=streets[n % 3]) for n in range(1, 7)]
    )

    found = [rosters.find(society.admin, each) for each in numbers]
    assert [(r.number, r.state, r.lines) for r in found] == [
        (f"22A-R-{code}", "submitted", 2) for code in JD_STREETS
    ]


def test_a_line_may_carry_money_goods_or_both(society: Society) -> None:
    society.import_roster(
        [
            society.person(1, "钱"),
            society.person(2, "物", 金额="", 物资=BOX),
            society.person(3, "都", 物资="BOX"),
        ]
    )

    found = [lines(society.admin.store)[f"22A-JD-0000{n}"] for n in (1, 2, 3)]
    assert [(line.fen, line.qty) for line in found] == [(50_000, None), (None, 1), (50_000, 1)]


def test_br_032_quota_fills_in_file_order_and_the_next_line_is_rejected(society: Society) -> None:
    quotas.set_one(society.desk("jd-reviewer"), "22A", JD_STREETS[0], "*", 2)
    found = planned(
        society, *[society.person(n, f"人{n}") for n in range(1, 4)],
        society.person(4, "人4", 街道=society.street(JD_STREETS[1])),
    )  # fmt: skip

    assert [(row, column, code) for row, column, _, code in said(found)] == [
        (4, "街道", "quota.full")
    ]
    assert found.facts.rows_new == 3


def test_br_032_a_wrong_row_takes_no_quota(society: Society) -> None:
    quotas.set_one(society.desk("jd-reviewer"), "22A", JD_STREETS[0], "*", 2)
    rows_ = [society.person(n, f"人{n}") for n in range(1, 4)]
    rows_[0]["类别"] = "感冒"

    assert [code for *_, code in said(planned(society, *rows_))] == ["category.unknown"]


def test_br_022_the_cap_of_a_year_counts_earlier_cycles(society: Society) -> None:
    numbers = society.import_roster([society.person(1, "王伟", 金额="600")])
    society.approve(numbers[0])
    next_cycle(society)

    over = society.write([society.person(1, "王伟", 金额="400.01")])
    just = society.write([society.person(1, "王伟", 金额="400")])
    found = [
        imports.plan(
            society.desk("jd-caseworker"), path, "roster", cycle_code="22B",
            target=path.with_suffix(".plan"),
        )
        for path in (over, just)
    ]  # fmt: skip
    assert [[p.code for p in each.problems] for each in found] == [["cap.person"], []]


def test_br_026_goods_do_not_count_towards_the_cap(society: Society) -> None:
    numbers = society.import_roster([society.person(1, "王伟", 金额="1000")])
    society.approve(numbers[0])
    next_cycle(society)
    path = society.write([society.person(1, "王伟", 金额="", 物资=BOX)])

    found = imports.plan(
        society.desk("jd-caseworker"), path, "roster", cycle_code="22B",
        target=path.with_suffix(".plan"),
    )  # fmt: skip
    assert found.problems == []


@pytest.mark.parametrize("act", ["close", "cancel"])
def test_a_cycle_past_open_takes_no_roster(society: Society, act: str) -> None:
    found = planned(society, society.person(1, "王伟"))
    programmes.move_cycle(society.desk("sh-approver"), "22A", act)
    before = contents(society.admin.store)

    with refused("cycle.not_open"):
        planned(society, society.person(2, "赵敏"))
    with refused("cycle.not_open"):
        imports.apply(society.desk("jd-caseworker"), found.path)
    assert contents(society.admin.store) == before


def _street_of_pd(society: Society) -> Cells:
    street = society.admin.offices.children(society.office("310115"))[0]
    return society.person(1, "王伟", 街道=street.code)


def test_a_street_outside_the_importers_office_is_unknown_to_them(society: Society) -> None:
    assert [code for *_, code in said(planned(society, _street_of_pd(society)))] == [
        "office.unknown"
    ]
    own = planned(society, _street_of_pd(society), login="pd-caseworker")
    assert own.problems == []


def test_a_street_may_be_named_by_code_or_with_its_district(society: Society) -> None:
    street = society.admin.offices.by_code[JD_STREETS[0]]
    district = society.admin.offices.by_code[JD]
    texts = [street.code, street.name, f"{district.name}{street.name}"]
    rows_ = [society.person(n, f"人{n}", 街道=text) for n, text in enumerate(texts, 1)]

    assert said(planned(society, *rows_)) == []


def test_expect_refuses_a_plan_with_another_number_of_rows(society: Society) -> None:
    found = planned(society, society.person(1, "王伟"))
    before = contents(society.admin.store)

    with refused("act.expected"):
        imports.apply(society.desk("jd-caseworker"), found.path, expect=2)
    assert contents(society.admin.store) == before
    assert imports.apply(society.desk("jd-caseworker"), found.path, expect=1).batch.rows_new == 1


def test_the_plans_file_is_private_and_goes_when_it_is_applied(society: Society) -> None:
    found = planned(society, society.person(1, "王伟"))
    assert found.path.stat().st_mode & 0o777 == 0o600

    imports.apply(society.desk("jd-caseworker"), found.path)
    assert not found.path.exists()


def test_a_plan_shows_no_private_value_in_the_clear(society: Society) -> None:
    wrong = society.person(2, "赵敏", 类别="感冒")
    found = planned(society, society.person(1, "王伟"), wrong)

    content = found.path.read_bytes()
    for private in (GOOD, wrong["证件号码"], "13800000001", "幸福路1号", "6200000000000001"):
        assert private.encode() not in content


@pytest.mark.parametrize(
    ("kind", "cycle", "code"), [("nonsense", "22A", "import.kind"), ("roster", None, "import.cycle"), ("roster", "99Z", "cycle.unknown")]
)  # fmt: skip
def test_a_plan_needs_a_known_kind_and_cycle(
    society: Society, kind: str, cycle: str | None, code: str
) -> None:
    path = society.write([society.person(1, "王伟")])
    with refused(code):
        imports.plan(society.desk("jd-caseworker"), path, kind, cycle_code=cycle)


def test_problems_carry_what_a_sentence_needs(society: Society) -> None:
    from rcaid.domain.sentences import SENTENCES, sentence

    quotas.set_one(society.desk("jd-reviewer"), "22A", JD_STREETS[0], "*", 1)
    rows_ = [society.person(n, f"人{n}") for n in (1, 2)]
    rows_.append(society.person(3, "人3", 类别="感冒", 金额="5"))
    found: list[Rejected] = planned(society, *rows_).problems
    spoken: Callable[[Rejected], str] = lambda each: sentence(each.problem())  # noqa: E731

    assert {each.code for each in found} <= set(SENTENCES)
    assert all("{" not in spoken(each) for each in found)
