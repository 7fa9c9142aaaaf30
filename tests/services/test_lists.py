"""The lists: paged by key, narrowed by the filter language, the same on both engines."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rcaid.db import lists as list_rows
from rcaid.domain.errors import Refused
from rcaid.domain.filter_fields import FIELDS
from rcaid.domain.identity import make_number
from rcaid.services import deaths, filtering, lists, rosters
from rcaid.services.lists import CaseRow
from tests.services.conftest import JD_STREETS, PD, Society

NAMES = (
    "赵晓敏",
    "欧阳晓明",
    "王晓芳",
    "王芳",
    "阿依古丽·买买提",
    "曾小敏",
    "Müller Anna",
    "李四",
    "张三丰",
)
CATEGORIES = ("肿瘤", "精神疾病", "失智")
KIT = {"物资": "守“沪”家庭箱", "金额": "", "银行账号": "", "开户行": "", "收款人": ""}


@pytest.fixture
def filled(society: Society) -> Society:
    """27 people in three streets of JD, with different needs, ages and amounts, and one in PD."""
    rows = []
    for n in range(27):
        born = f"{1930 + 3 * n}0228"
        changes = {
            "证件号码": make_number("310199", born, n + 1),
            "街道": society.street(JD_STREETS[n % 3]),
            "类别": CATEGORIES[n % 3 if n % 4 else 0],
            "困难类型": ("低保", "无", "低收入")[n % 3],
            "金额": str(100 + 10 * n),
        }
        rows.append(society.person(n + 1, NAMES[n % 9], **(changes | (KIT if n % 5 == 0 else {}))))
    society.import_roster(rows)
    pudong = next(s for s in society.admin.offices.children(society.office(PD)) if not s.pseudo)
    society.import_roster([society.person(90, "王晓芳", 街道=pudong.name)], "pd-caseworker")
    return society


def _cases(society: Society, text: str = "", login: str = "jd-verifier") -> list[CaseRow]:
    page = lists.page(society.desk(login), "cases", text)
    assert page.problem is None, page.problem
    found = [row for row in page.rows if isinstance(row, CaseRow)]
    counted = sum(row.fen or 0 for row in found)
    assert (page.total, page.total_fen) == (len(found), counted)
    return found


FILTERS: dict[str, Callable[[CaseRow], bool]] = {
    "": lambda row: True,
    "step:listed": lambda row: True,
    "环节:已列入 类别:肿瘤": lambda row: row.category == "tumour",
    "category:tumour,mental": lambda row: row.category in ("tumour", "mental"),
    "-category:tumour": lambda row: row.category != "tumour",
    "street:真新": lambda row: "真新" in row.place,
    "-street:真新": lambda row: "真新" not in row.place,
    "district:JD": lambda row: "嘉定" in row.place,
    "amount>=200": lambda row: (row.fen or 0) >= 20_000,
    "amount:150..200,300": lambda row: 15_000 <= (row.fen or 0) <= 20_000 or row.fen == 30_000,
    "amount:none": lambda row: row.fen is None,
    "-amount:none": lambda row: row.fen is not None,
    "-amount>200": lambda row: (row.fen or 0) <= 20_000,
    "hardship:低保": lambda row: row.hardship == "subsistence",
    "sex:女": lambda row: row.sex == "F",
    "age>=60": lambda row: (row.age or 0) >= 60,
    "age:30..50": lambda row: 30 <= (row.age or 0) <= 50,
    "-age<60": lambda row: (row.age or 0) >= 60,
    "is:minor": lambda row: (row.age or 0) < 18,
    "晓": lambda row: "晓" in row.name,
    "王*芳": lambda row: row.name == "王晓芳",
    "M***": lambda row: row.name == "Müller Anna",
    "-王": lambda row: "王" not in row.name,
    "name:晓敏": lambda row: "晓敏" in row.name,
    "name=王芳": lambda row: row.name == "王芳",
    "name:王*芳,李四": lambda row: row.name in ("王晓芳", "李四"),
    "zengxiaom": lambda row: row.name == "曾小敏",
    'name:"Müller Anna"': lambda row: row.name == "Müller Anna",
    "case:0001": lambda row: "0001" in row.case_no,
    "22A-JD-0001": lambda row: row.case_no.startswith("22A-JD-0001"),
    "case=22A-JD-00003": lambda row: row.case_no == "22A-JD-00003",
    "roster:310114001": lambda row: row.roster.endswith("310114001"),
    "cycle:spring": lambda row: True,
    "programme:千万人 cycle=22A": lambda row: True,
    "by:jd-caseworker": lambda row: True,
    "-by:jd-caseworker": lambda row: False,
    "by:me": lambda row: False,
    "helped:none": lambda row: True,
    "helped:2022": lambda row: False,
    "is:returned": lambda row: False,
    "-is:suspended": lambda row: True,
    "环节：已列入　金额《=200": lambda row: row.fen is not None and row.fen <= 20_000,
}


def test_a_filter_finds_what_it_says(filled: Society) -> None:
    everything = _cases(filled)
    assert len(everything) == 27
    for text, holds in FILTERS.items():
        expected = [row.case_no for row in everything if holds(row)]
        assert [row.case_no for row in _cases(filled, text)] == expected, text


def test_a_whole_number_and_the_end_of_one_find_their_person(filled: Society) -> None:
    number = make_number("310199", "19300228", 1)
    for text in (number, number[-9:], "13800000001", "800000001"):
        assert [row.case_no for row in _cases(filled, text)] == ["22A-JD-00001"], text


def test_pages_go_forward_and_back_without_a_gap(filled: Society) -> None:
    desk = filled.desk("jd-verifier")
    for sort in ("", "-case", "amount", "-amount"):
        whole = [row.id for row in lists.page(desk, "cases", sort=sort).rows]
        forward, after = [], ""
        while True:
            page = lists.page(desk, "cases", "", after, 7, sort, counted=False)
            assert page.total is None
            forward += [row.id for row in page.rows]
            after = page.next_key
            if not after:
                break
        assert forward == whole
        back: list[str] = []
        before = page.before_key
        page = lists.page(desk, "cases", "", "", 7, sort, backward=True)
        assert [row.id for row in page.rows] == whole[-7:]
        assert not page.next_key
        while before:
            page = lists.page(desk, "cases", "", before, 7, sort, backward=True)
            assert page.next_key
            back = [row.id for row in page.rows] + back
            before = page.before_key
        assert back == whole[: len(back)]
        assert len(back) == 21


def test_a_sort_in_the_filter_is_the_one_that_holds(filled: Society) -> None:
    amounts = [row.fen or 0 for row in _cases(filled, "sort:-amount")]
    assert amounts == sorted(amounts, reverse=True)


def test_a_page_begins_at_the_start_when_its_key_is_none(filled: Society) -> None:
    page = lists.page(filled.desk("jd-verifier"), "cases", after="nonsense")
    assert len(page.rows) == 27


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("stret:x", "filter.no_field"),
        ("step:flying", "filter.names_one_of"),
        ("street:nowhere", "filter.names_none"),
        ("category:none_such", "filter.names_none"),
        ("by:nobody", "filter.names_none"),
        ("sort:age", "filter.no_sort"),
        ("amount>1,000", "filter.thousands"),
    ],
)
def test_a_wrong_filter_says_what_is_wrong(filled: Society, text: str, code: str) -> None:
    page = lists.page(filled.desk("jd-verifier"), "cases", text)
    assert page.problem is not None
    assert page.problem.code == code
    assert page.rows == ()
    assert lists.marks(filled.desk("jd-verifier"), "cases", text) == []


def test_a_flag_that_is_not_kept_is_left_out_and_said(filled: Society) -> None:
    page = lists.page(filled.desk("jd-verifier"), "cases", "is:duplicate sex:F")
    assert page.problem is not None
    assert page.problem.warning
    assert len(page.rows) == len(_cases(filled, "sex:F"))


def test_br_052_names_are_masked_for_those_without_a_case_duty(filled: Society) -> None:
    rows = _cases(filled, login="jd-auditor")
    assert rows[0].name == "赵*敏"
    assert {(row.category, row.hardship, row.full) for row in rows} == {("", "", False)}
    assert {row.name for row in rows if row.age is not None and row.age < 14} <= {"***"}
    hidden = lists.page(filled.desk("jd-auditor"), "cases", "category:tumour").problem
    assert hidden is not None
    assert hidden.code == "filter.no_field"


def test_a_list_holds_only_ones_own_offices(filled: Society) -> None:
    assert {row.place[:3] for row in _cases(filled)} == {"嘉定区"}
    assert len(_cases(filled, login="pd-verifier")) == 1
    assert len(_cases(filled, login="sh-caseworker")) == 28
    assert len(_cases(filled, login="jd-street")) == 9
    with pytest.raises(Refused):
        lists.page(filled.desk("jd-keeper"), "cases")


def test_marks_are_all_that_fit_with_their_money(filled: Society) -> None:
    desk = filled.desk("jd-verifier")
    rows = _cases(filled, "amount>=200")
    marked = lists.marks(desk, "cases", "amount>=200")
    assert sorted(marked) == sorted((row.id, row.fen or 0, row.version) for row in rows)


def test_totals_from_the_summaries_are_those_of_the_rows(filled: Society) -> None:
    desk = filled.desk("jd-verifier")
    rosters.strike(desk, "22A-JD-00002", "moved_away")
    for text in ("", "step:listed", "step:open", "step:struck", "category:tumour", "street:真新"):
        page = lists.page(desk, "cases", text)
        fen = sum(row.fen or 0 for row in page.rows if isinstance(row, CaseRow))
        assert (page.total, page.total_fen) == (len(page.rows), fen), text


def test_counting_stops_and_says_so(filled: Society, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = list_rows.count
    monkeypatch.setattr(list_rows, "count", lambda store, asked: counted(store, asked, 5))
    monkeypatch.setattr(lists, "MOST_COUNTED", 5)
    page = lists.page(filled.desk("jd-verifier"), "cases", "age>10")
    assert (page.total, page.total_fen, page.capped) == (5, None, True)


# --- the other lists


def test_the_roster_list_says_state_lines_money_and_parts(filled: Society) -> None:
    desk = filled.desk("jd-verifier")
    page = lists.page(desk, "rosters")
    assert [row.number for row in page.rows] == [f"22A-R-{code}" for code in reversed(JD_STREETS)]
    cases = _cases(filled)
    for row in page.rows:
        own = [case for case in cases if case.roster == row.number]
        assert (row.lines, row.fen) == (len(own), sum(case.fen or 0 for case in own))
        assert [act for _, act in row.parts] == ["import"]
    assert page.total_fen == sum(row.fen for row in page.rows)
    rosters.verify(desk, "22A-R-310114001")
    assert len(lists.page(desk, "rosters", "step:submitted").rows) == 2
    assert len(lists.page(desk, "rosters", "环节:已核实 street:新成路 n>=9 is:mine").rows) == 1
    rosters.send_back(desk, "22A-R-310114001", "phones")
    assert len(lists.page(desk, "rosters", "is:returned step:open").rows) == 1
    marked = lists.marks(desk, "rosters", "step:open")
    assert [fen for _, fen, _ in marked] == [page.rows[-1].fen]


def test_a_supplement_counts_its_own_lines(filled: Society) -> None:
    rosters.verify(filled.desk("jd-verifier"), "22A-R-310114001")
    filled.import_roster([filled.person(70, "孙二", 金额="700")])
    found = {r.number: r for r in lists.page(filled.desk("jd-verifier"), "rosters").rows}
    more = found["22A-R-310114001-2"]
    assert (more.lines, more.fen, more.supplement) == (1, 70_000, True)
    assert found["22A-R-310114001"].lines == 9


def test_people_are_listed_by_place_and_filtered(filled: Society) -> None:
    desk = filled.desk("jd-verifier")
    everybody = lists.page(desk, "people").rows
    assert len(everybody) == 27
    for text in ("王", "sex:F", "category:dementia", "street:真新", "street:真新 王", "-王 is:minor",
                 "helped:none", "roster:310114001", "hardship:低保 age>=60"):  # fmt: skip
        expected = {row.person_id for row in _cases(filled, text)}
        assert {row.id for row in lists.page(desk, "people", text).rows} == expected, text
    forward = lists.page(desk, "people", "", lists.page(desk, "people", limit=20).next_key)
    assert [row.id for row in forward.rows] == [row.id for row in everybody[20:]]
    deaths.record(filled.desk("jd-caseworker"), everybody[0].id, "2022-01-31", "family")
    assert lists.page(desk, "people").rows[0].state == "deceased"


def test_batches_and_imports_are_lists_too(filled: Society) -> None:
    filled.approve("22A-R-310114001")
    batch = filled.pay()
    desk = filled.desk("jd-preparer")
    (row,) = lists.page(desk, "batches", "step:released cycle:22A kind:money").rows
    assert (row.number, row.lines, row.fen, row.round) == (batch.number, batch.lines, batch.fen, "22A-1")  # fmt: skip
    assert lists.page(desk, "batches", "step:draft").total == 0
    assert lists.page(desk, "batches", "C01 date:2022-02").total == 1
    (file,) = lists.page(filled.desk("jd-caseworker"), "imports", "kind:名册 is:mine").rows
    assert (file.read, file.new, file.rejected, file.login) == (27, 27, 0, "jd-caseworker")
    assert lists.page(filled.desk("jd-caseworker"), "imports", "is:stopped").rows == ()
    for typed, n in (("FILE", 1), (".csv", 1), ("%", 0), ("-csv", 0)):
        assert len(lists.page(filled.desk("jd-caseworker"), "imports", typed).rows) == n, typed


def test_the_engine_can_plan_every_variant(filled: Society) -> None:
    """Each place with a filter of each of its fields, both ways, as one EXPLAIN each."""
    values = {"date": "2022", "number": "5", "money": "100", "sex": "F", "flag": "mine"}
    texts = {"step": "open", "category": "tumour", "hardship": "none", "cycle": "22A",
             "programme": "QWR", "street": "真新", "district": "嘉定", "by": "me", "kind": "money",
             "name": "王", "case": "22A", "roster": "22A", "batch": "22A",
             "lane": "A", "missing": "BANK"}  # fmt: skip
    planned = 0
    desk = filled.desk("sh-caseworker")
    for place in list_rows.PLACES:
        for name in filtering.allowed(desk, place) - {"sort"}:
            value = texts.get(name) or values[FIELDS[name].kind]
            for text in (f"{name}:{value}", f"-{name}:{value}"):
                asked = lists._asked(desk, place, text, "")
                if isinstance(asked, tuple):
                    query, _ = list_rows.page_statement(desk.store, asked[1], 5)
                    desk.store.explain(query)
                    planned += 1
    assert planned > 60


@pytest.mark.parametrize(
    ("text", "field", "known"),
    [
        ("街道:nowhere", "街道", ""),
        ("环节:飞", "环节", "已列入"),
        ("step:flying", "step", "listed"),
    ],
)
def test_what_is_wrong_names_the_field_as_it_was_written(
    filled: Society, text: str, field: str, known: str
) -> None:
    problem = lists.page(filled.desk("jd-verifier"), "cases", text).problem
    assert problem is not None
    assert problem.params["field"] == field
    assert known in str(problem.params.get("known", ""))
