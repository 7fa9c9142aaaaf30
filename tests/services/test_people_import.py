"""Files of people: new ones, new facts of known ones, and what a second person has to confirm."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from rcaid.db import people as person_rows
from rcaid.db.digests import digests
from rcaid.domain.errors import Unusable
from rcaid.domain.identity import make_number
from rcaid.files.profiles import Profile
from rcaid.services import audit, changes
from rcaid.services.importing import imports, undo
from rcaid.services.importing.imports import Applied, Planned
from rcaid.services.importing.plans import read_plan
from rcaid.services.shown import opened
from tests.services.conftest import JD_STREETS, Society, make_society
from tests.services.writing import number, people, refused, rows

HEADINGS = (
    "姓名", "证件类型", "证件号码", "无证原因", "外部编号", "户主证件号码", "户编号", "与户主关系", "性别",
    "出生日期", "联系电话", "其他电话", "街道", "地址", "监护人", "收款人", "开户行", "银行账号",
)  # fmt: skip
ABROAD = Profile("121-demo", "people", phone="international", identity="any", reason="abroad")


def who(seq: int, name: str, **cells: str) -> dict[str, str]:
    """A row of somebody born in 1950."""
    row = dict.fromkeys(HEADINGS, "")
    row |= {"姓名": name, "证件号码": make_number("310199", "19500101", seq)}
    row |= {"联系电话": f"138{seq:08}", "地址": f"曹安公路江桥镇{seq}号201室"}
    return row | cells


def take(
    society: Society, path: Path, kind: str = "people", login: str = "jd-caseworker", **options: Any
) -> tuple[Planned, Applied]:
    desk = society.desk(login)
    target = society.folder / f"{path.stem}.plan"
    planned = imports.plan(desk, path, kind, target=target, **options)
    return planned, imports.apply(desk, target)


def plan(society: Society, path: Path, kind: str = "people", **options: Any) -> Planned:
    target = society.folder / f"{path.stem}.plan"
    return imports.plan(society.desk("jd-caseworker"), path, kind, target=target, **options)


def plain(society: Society, header: Iterable[str], lines: Iterable[Iterable[str]]) -> Path:
    society._files += 1
    path = society.folder / f"plain{society._files}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([list(header), *map(list, lines)])
    return path


def counts(planned: Planned) -> tuple[int, int, int, int, int, int]:
    f = planned.facts
    return (
        f.rows_read, f.rows_new, f.rows_updated, f.rows_unchanged, f.rows_rejected,
        f.rows_undecided,
    )  # fmt: skip


def codes(planned: Planned) -> list[tuple[int, str]]:
    return [(each.row, each.code) for each in planned.problems]


def values(society: Society, name: str) -> dict[str, Any]:
    return opened(society.admin, people(society.admin.store)[name])


def people_file(society: Society, rows: Iterable[Mapping[str, str]]) -> Path:
    return society.write(list(rows), HEADINGS)


def sound(society: Society) -> None:
    """The record proves every row that was written."""
    assert audit.verify_store(society.desk("sh-auditor")).faults == []


def test_people_come_in_with_households_accounts_and_a_record(society: Society) -> None:
    head = who(1, "王伟")["证件号码"]
    file = people_file(
        society,
        [
            who(
                1, "王伟", 街道=society.street(JD_STREETS[0]), 户主证件号码=head, 与户主关系="本人"
            ),
            who(2, "李芳", 户主证件号码=head, 银行账号="6222020202020202", 开户行="上海银行"),
            who(3, "赵小明", 户编号="H-7", 监护人="赵父", 其他电话="02164312345"),
        ],
    )

    planned, applied = take(society, file)

    assert counts(planned) == (3, 3, 0, 0, 0, 0)
    found = people(society.admin.store)
    assert found["王伟"].household_id == found["李芳"].household_id
    assert found["赵小明"].household_id != found["王伟"].household_id
    assert found["王伟"].office_id == society.office(JD_STREETS[0])
    assert found["李芳"].office_id == society.office("310114"), "no street: the plan's office"
    assert values(society, "王伟")["relation"] == "本人"
    assert values(society, "赵小明")["other_phone"] == "02164312345"
    assert number(society.admin.store, "SELECT count(*) FROM account") == 1
    assert number(society.admin.store, "SELECT count(*) FROM relation") == 1
    assert [(row, word) for row, word in rows(
        society.admin.store, "SELECT row_no, outcome FROM import_row ORDER BY row_no"
    )] == [(2, "new"), (3, "new"), (4, "new")]  # fmt: skip
    assert applied.batch.rows_new == 3
    sound(society)


def test_br_091_the_same_file_or_the_same_people_again_change_nothing(society: Society) -> None:
    file = people_file(society, [who(1, "王伟"), who(2, "李芳")])
    take(society, file)
    before = digests(society.admin.store, society.admin.keys)

    assert plan(society, file).known is not None
    again, _ = take(society, people_file(society, [who(2, "李芳"), who(1, "王伟")]))

    assert counts(again) == (2, 0, 0, 2, 0, 0)
    assert digests(society.admin.store, society.admin.keys) == before


def test_new_facts_of_known_people_are_taken_over_and_shown_masked(society: Society) -> None:
    take(society, people_file(society, [who(1, "王伟")]))
    street = society.street(JD_STREETS[1])
    file = people_file(society, [who(1, "王伟", 联系电话="13900001111", 街道=street)])

    planned, _ = take(society, file)

    assert counts(planned) == (1, 0, 1, 0, 0, 0)
    assert values(society, "王伟")["phone"] == "13900001111"
    assert people(society.admin.store)["王伟"].office_id == society.office(JD_STREETS[1])
    said = {c.field: (c.before, c.after, c.waits) for c in planned.changes}
    assert said["phone"] == ("138****0001", "139****1111", False)
    assert "street" in said
    sound(society)


def test_a_name_a_number_and_an_account_wait_for_a_second_person(society: Society) -> None:
    take(
        society, people_file(society, [who(1, "王伟", 外部编号="A1", 银行账号="6222020202020202")])
    )
    other = make_number("310199", "19500101", 9)
    row = who(1, "王玮", 外部编号="A1", 证件号码=other, 银行账号="6222030303030303")
    file = people_file(society, [row])

    planned, applied = take(society, file)

    assert counts(planned) == (1, 0, 1, 0, 0, 0)
    assert {(c.field, c.waits) for c in planned.changes} == {
        ("name", True), ("number", True), ("account", True)
    }  # fmt: skip
    assert not any(other in (c.before, c.after) for c in planned.changes)
    person = people(society.admin.store)["王伟"]
    assert values(society, "王伟")["number"] == who(1, "")["证件号码"]
    waiting = changes.waiting(society.desk("jd-reviewer"))
    assert {each.field for each in waiting} == {"name", "number", "account"}
    assert {b for (b,) in rows(society.admin.store, "SELECT batch_id FROM change_request")} == {
        applied.batch.id
    }
    for each in waiting:
        changes.confirm(society.desk("jd-reviewer"), each.id)
    after = people(society.admin.store)["王玮"]
    assert after.id == person.id
    assert values(society, "王玮")["number"] == other
    sound(society)


def test_what_waits_already_is_not_asked_for_again(society: Society) -> None:
    take(society, people_file(society, [who(1, "王伟")]))
    take(society, people_file(society, [who(1, "王玮")]))

    again, _ = take(society, people_file(society, [who(1, "王玮"), who(2, "李芳")]))

    assert counts(again) == (2, 1, 0, 1, 0, 0)
    assert number(society.admin.store, "SELECT count(*) FROM change_request") == 1


def test_all_problems_of_a_row_are_told_at_once(society: Society) -> None:
    row = who(1, "12", 证件号码="3.10101E+17", 联系电话="2.54708E+11", 性别="x", 出生日期="44629")
    row |= {"街道": "无此街道", "银行账号": "6.22202E+15", "户编号": "12.0"}

    planned = plan(society, people_file(society, [row, who(2, "李芳")]))

    assert {code for _, code in codes(planned)} == {
        "name.no_letter", "identity.scientific", "phone.scientific", "word.sex", "date.serial",
        "office.unknown", "account.scientific", "reference.decimal",
    }  # fmt: skip
    assert counts(planned) == (2, 1, 0, 0, 1, 0)


def test_br_003_what_is_typed_must_be_what_the_number_says(society: Society) -> None:
    planned = plan(
        society, people_file(society, [who(1, "王伟", 性别="女", 出生日期="1950-01-02")])
    )

    assert codes(planned) == [(2, "identity.sex"), (2, "identity.born")]


def test_br_007_nobody_comes_in_without_a_document_or_a_reason(society: Society) -> None:
    bare = {"证件号码": ""}
    file = people_file(
        society,
        [
            who(1, "甲一", **bare),
            who(2, "乙二", 证件类型="无", **bare),
            who(3, "丙三", 证件类型="无", 无证原因="遗失", 出生日期="1960-05-05", **bare),
            who(4, "丁四", 证件类型="其他", 证件号码="ZK-77"),
            who(5, "戊五", 证件类型="其他", 证件号码="ZK-78", 无证原因="外籍"),
        ],
    )

    planned, _ = take(society, file)

    assert codes(planned) == [(2, "row.required"), (3, "identity.reason"), (5, "identity.reason")]
    none = people(society.admin.store)["丙三"]
    assert (none.id_kind, none.born) == ("NONE", "1960-05-05")
    assert values(society, "丙三")["reason"] == "遗失"
    assert people(society.admin.store)["戊五"].id_kind == "OTHER"
    sound(society)


def test_br_092_a_copied_row_is_refused_with_the_row_it_copies(society: Society) -> None:
    lines = [["Ann", "14155238886"], ["Bob", "14155238887"], ["Ann", "14155238886"]]
    file = plain(society, ("full name", "phone"), lines)

    planned = plan(society, file, profile=ABROAD)

    assert codes(planned) == [(4, "row.repeated")]
    assert planned.problems[0].params == {"first": 2}
    again = plan(society, people_file(society, [who(1, "王伟"), who(1, "王伟")]))
    assert codes(again) == [(3, "row.repeated")]


def test_a_profile_joins_columns_and_knows_words_phones_and_references(society: Society) -> None:
    profile = Profile(
        "121-demo", "people", columns={
            "name": ("first", "last"), "number": ("doc",), "sex": ("gender",), "born": ("birth",),
            "phone": ("phoneNumber",), "reference": ("referenceId",),
        },
        values={"sex": {"féminin": "F", "masculin": "M"}}, ignored=("extra",),
        phone="international", identity="any", reason="registered abroad",
    )  # fmt: skip
    header = ("referenceId", "first", "last", "doc", "gender", "birth", "phoneNumber", "extra")
    file = plain(society, header, [
        ["r1", "Ann", "Lee", "AB12", "Féminin", "30-11-2000", "0014155238886", "x"],
        ["r2", "Bob", "Ray", "AB13", "Masculin", "09-03-1999", "+745 5218119193", "y"],
        ["r3", "Cem", "Ok", "AB14", "Masculin", "09-03-1999", "2.54708E+11", "z"],
    ])  # fmt: skip

    planned, _ = take(society, file, profile=profile)

    assert codes(planned) == [(4, "phone.scientific")]
    assert planned.facts.unmapped == []
    assert planned.facts.profile == "121-demo"
    ann, bob = (people(society.admin.store)[name] for name in ("Ann Lee", "Bob Ray"))
    assert (ann.sex, ann.born, ann.id_kind) == ("F", "2000-11-30", "OTHER")
    assert bob.born == "1999-03-09"
    assert values(society, "Ann Lee") | {"raw_name": ""} == {
        "number": "AB12", "phone": "+14155238886", "references": ["121:r1"],
        "reason": "registered abroad", "raw_name": "",
    }  # fmt: skip


def test_a_column_whose_order_nothing_proves_refuses_the_file(society: Society) -> None:
    lines = [["Ann", "A1", "03-04-1999"], ["Bob", "A2", "05-06-1998"]]
    file = plain(society, ("name", "id number", "date of birth"), lines)

    with refused("date.unproven", by=Unusable):
        plan(society, file, profile=ABROAD)
    planned, _ = take(society, file, profile=ABROAD, dates="mdy")
    assert codes(planned) == []
    assert people(society.admin.store)["Ann"].born == "1999-03-04"


def test_br_091_a_source_and_its_id_are_one_person_whatever_else_a_file_says(
    society: Society,
) -> None:
    header = ("name", "reference", "phone")
    take(society, plain(society, header, [["Ann", "r1", "14155238886"]]), profile=ABROAD)
    file = plain(society, header, [["Ann", "r1", "14155238899"], ["Ann", "r2", "14155230000"]])

    planned, _ = take(society, file, profile=ABROAD)

    assert planned.facts.rows_updated == 1
    assert number(society.admin.store, "SELECT count(*) FROM person WHERE name = 'Ann'") >= 1
    held = person_rows.keys(
        society.admin.store, person_rows.REFERENCE, [society.admin.keys.hash64("reference:121:r1")]
    )
    assert len(held) == 1


def test_rows_of_two_different_people_are_refused(society: Society) -> None:
    take(
        society,
        people_file(society, [who(1, "王伟", 外部编号="A1"), who(2, "李芳", 外部编号="A2")]),
    )

    planned = plan(society, people_file(society, [who(1, "王伟", 外部编号="A2")]))

    assert codes(planned) == [(2, "row.two_people")]


def test_an_update_finds_people_and_refuses_who_is_not_there(society: Society) -> None:
    take(society, people_file(society, [who(1, "王伟", 外部编号="A1"), who(2, "李芳")]))
    society.import_roster([society.person(3, "赵云")])
    one, two = who(1, "")["证件号码"], who(2, "")["证件号码"]
    header = ("证件号码", "外部编号", "个案编号", "联系电话", "姓名")
    file = plain(society, header, [
        ["", "A1", "", "13911112222", ""],
        [two, "", "", who(2, "")["联系电话"], "李芳"],
        ["", "", "22A-JD-00001", "13933334444", ""],
        [make_number("310199", "19700101", 5), "", "", "13955556666", ""],
        ["", "", "", "13977778888", "王伟"],
        [one, "A1", "", "13911113333", ""],
    ])  # fmt: skip

    planned, _ = take(society, file, "update")

    assert counts(planned) == (6, 0, 2, 1, 3, 0)
    assert codes(planned) == [(5, "update.unknown"), (6, "row.no_key"), (7, "row.repeated")]
    assert values(society, "王伟")["phone"] == "13911112222"
    assert values(society, "赵云")["phone"] == "13933334444"
    sound(society)


def test_an_update_reaches_nobody_of_other_offices(society: Society) -> None:
    take(society, people_file(society, [who(1, "王伟")]), login="pd-caseworker")
    header = ("证件号码", "联系电话")

    planned = plan(
        society, plain(society, header, [[who(1, "")["证件号码"], "13911112222"]]), "update"
    )

    assert codes(planned) == [(2, "update.unknown")]


def test_a_file_of_updates_without_any_key_is_refused(society: Society) -> None:
    with refused("header.no_key", by=Unusable):
        plan(society, plain(society, ("姓名", "联系电话"), [["王伟", "13911112222"]]), "update")


def test_somebody_like_one_on_file_waits_for_a_decision(society: Society) -> None:
    take(society, people_file(society, [who(1, "王伟")]))
    cells = {
        "证件号码": "",
        "无证原因": "遗失",
        "证件类型": "无",
        "出生日期": "1950-01-01",
        "性别": "男",
    }
    twin = who(1, "王伟", **cells)

    planned, applied = take(society, people_file(society, [twin, who(5, "李芳")]))

    assert counts(planned) == (2, 1, 0, 0, 0, 1)
    assert applied.batch.rows_undecided == 1
    assert number(society.admin.store, "SELECT count(*) FROM duplicate_pair") == 1


@pytest.mark.parametrize("kind", ["people", "update"])
def test_undo_leaves_what_was_there(society: Society, kind: str) -> None:
    first = [who(1, "王伟", 外部编号="A1"), who(2, "李芳", 户编号="H1")]
    take(society, people_file(society, first))
    before = digests(society.admin.store, society.admin.keys)
    changed = [
        who(1, "王玮", 外部编号="A1", 联系电话="13911112222", 其他电话="13911113333"),
        who(
            2, "李芳", 外部编号="B1", 户编号="H1", 街道=society.street(JD_STREETS[1]), 监护人="李父"
        ),
    ]
    new = [who(7, "钱七", 户编号="H9", 银行账号="6222020202020202", 监护人="钱父", 外部编号="C1")]
    file = people_file(society, changed + (new if kind == "people" else []))
    _, applied = take(society, file, kind)
    assert digests(society.admin.store, society.admin.keys) != before

    done, _ = undo.undo(society.desk("jd-reviewer"), applied.batch.id)

    assert done.kept == []
    assert digests(society.admin.store, society.admin.keys) == before
    sound(society)
    once_more, _ = take(society, file, kind)
    assert once_more.facts.rows_updated == 2


def test_undo_keeps_and_names_what_others_rest_on(society: Society) -> None:
    wang = who(1, "王伟", 银行账号="6222020202020202")
    _, applied = take(society, people_file(society, [wang, who(2, "李芳")]))
    take(society, people_file(society, [who(1, "王玮")]))
    [change] = changes.waiting(society.desk("jd-reviewer"))
    changes.confirm(society.desk("jd-reviewer"), change.id)

    done, _ = undo.undo(society.desk("jd-reviewer"), applied.batch.id)

    assert [each.code for each in done.kept] == ["undo.acted"]
    assert list(people(society.admin.store)) == ["王玮"]
    assert number(society.admin.store, "SELECT count(*) FROM account") == 1
    sound(society)


def test_undo_keeps_a_change_that_was_confirmed(society: Society) -> None:
    take(society, people_file(society, [who(1, "王伟")]))
    _, applied = take(society, people_file(society, [who(1, "王玮")]), "update")
    [change] = changes.waiting(society.desk("jd-reviewer"))
    changes.confirm(society.desk("jd-reviewer"), change.id)

    done, _ = undo.undo(society.desk("jd-reviewer"), applied.batch.id)

    assert [each.code for each in done.kept] == ["undo.decided"]
    assert list(people(society.admin.store)) == ["王玮"]


def test_a_plan_names_whoever_moved_since(society: Society) -> None:
    take(society, people_file(society, [who(1, "王伟")]))
    late = people_file(society, [who(1, "王伟", 联系电话="13911112222"), who(4, "孙四")])
    plan(society, late)
    take(society, people_file(society, [who(1, "王伟", 联系电话="13933334444")]))

    with refused("plan.moved"):
        imports.apply(society.desk("jd-caseworker"), society.folder / f"{late.stem}.plan")


def test_a_number_that_came_in_since_refuses_the_plan(society: Society) -> None:
    late = people_file(society, [who(1, "王伟")])
    take(society, people_file(society, [who(9, "周九")]))
    plan(society, late)
    take(society, people_file(society, [who(1, "王伟"), who(2, "李芳")]))

    with refused("plan.moved"):
        imports.apply(society.desk("jd-caseworker"), society.folder / f"{late.stem}.plan")


def test_a_plan_keeps_what_is_asked_for_out_of_sight(society: Society) -> None:
    take(society, people_file(society, [who(1, "王伟")]))
    file = people_file(society, [who(1, "王玮")])
    plan(society, file)
    path = society.folder / f"{file.stem}.plan"

    assert "王玮".encode() not in path.read_bytes()
    assert read_plan(society.desk("jd-caseworker"), path).changes[0].after == "王*"


def test_both_engines_hold_the_same_after_each_step(
    new_url: Callable[..., str], tmp_path: Path
) -> None:
    found = {}
    for engine in ("sqlite", "postgres"):
        folder = tmp_path / engine
        folder.mkdir()
        society = make_society(new_url(engine), folder)
        rows = [
            who(1, "王伟", 外部编号="A1", 户编号="H1"),
            who(2, "李芳", 户编号="H1", 银行账号="6222020202020202"),
        ]
        seen = []
        _, first = take(society, people_file(society, rows))
        seen.append(digests(society.admin.store, society.admin.keys))
        take(society, people_file(society, [who(1, "王玮", 联系电话="13911112222")]), "update")
        seen.append(digests(society.admin.store, society.admin.keys))
        undo.undo(society.desk("jd-reviewer"), first.batch.id)
        seen.append(digests(society.admin.store, society.admin.keys))
        found[engine] = seen
        society.admin.store.close()

    assert found["sqlite"] == found["postgres"]


def test_br_007_who_had_no_document_gets_the_number_they_were_given(society: Society) -> None:
    cells = {"证件号码": "", "证件类型": "无", "无证原因": "遗失"}
    take(society, people_file(society, [who(3, "丙三", **cells)]))
    person = people(society.admin.store)["丙三"]
    found = who(3, "")["证件号码"]

    asked, _ = changes.ask(society.desk("jd-caseworker"), person.id, "number", found, "补办")
    changes.confirm(society.desk("jd-reviewer"), asked)

    after = people(society.admin.store)["丙三"]
    assert (after.id_kind, after.born) == ("RESIDENT_ID", "1950-01-01")
    again, _ = take(society, people_file(society, [who(3, "丙三")]))
    assert counts(again) == (1, 0, 0, 1, 0, 0)
    sound(society)


def test_rejected_rows_go_round_and_touch_nothing_else(society: Society) -> None:
    bad = who(2, "李芳", 联系电话="2.54708E+11")
    take(society, people_file(society, [who(1, "王伟"), bad]))
    before = people(society.admin.store)["王伟"]

    planned, _ = take(society, people_file(society, [who(2, "李芳")]))

    assert counts(planned) == (1, 1, 0, 0, 0, 0)
    assert people(society.admin.store)["王伟"] == before
