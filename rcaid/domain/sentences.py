"""The sentence and the citation of every problem code, in English; translated at the edge."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from rcaid.domain.duties import ACTS
from rcaid.domain.errors import Problem
from rcaid.domain.sentences_cases import CASES
from rcaid.domain.sentences_money import MONEY
from rcaid.domain.sentences_work import WORK


class Sentence(NamedTuple):
    """``text`` is a format string over the problem's parameters; ``cite`` names the rule."""

    text: str
    cite: str = ""


SENTENCES: dict[str, Sentence] = {}


def _add(noun: str, rows: dict[str, tuple[str, str]]) -> None:
    for code, (text, cite) in rows.items():
        SENTENCES[f"{noun}.{code}"] = Sentence(text, cite)


_add(
    "who",
    {
        "unknown": ("{login} is not known here; an administrator can add them", ""),
        "no_duty": (
            "{login} has no duty for this ({act}) in {office}; it needs: {duties}",
            "",
        ),
        "no_duty_anywhere": ("{login} has no duty for this ({act}); it needs: {duties}", ""),
        "no_duty_at_all": ("{login} holds no duty today; an administrator grants them", ""),
        "maker": ("{login} had an earlier part in this ({part}); another person does it", "BR-040"),
        "elsewhere": ("this belongs to {office}, which is outside your offices", ""),
        "forced": ("{login} came in by a key; the store and the person are fixed", ""),
        "operator": ("{login} came in by a key; this is for whoever runs the machine", ""),
    },
)

_add(
    "ssh",
    {
        "login": ("a session needs the login of one person, as it stands with their key", ""),
        "text": ("the command cannot be read; write it on one line, with matching quotes", ""),
        "fixed": ("the store and the person are fixed by the key", ""),
        "command": ("{command} is not among the commands that a key may run here", ""),
        "option": ("{option} may not be given to {command} over this connection", ""),
        "words": ("{command} takes fewer words over this connection", ""),
        "form": ("{word} may not stand behind {command}: a file comes as -, a plan by its id", ""),
    },
)

_add(
    "state",
    {
        "no_move": ("{noun} is {state}; it cannot {action} from there", ""),
        "stale": ("{noun} was changed by somebody else meanwhile: {changes}", "BR-047"),
        "gone": ("{noun} {id} does not exist", ""),
    },
)

_add("name", {"no_letter": ("a name holds at least one letter; this has none", "BR-011")})

_add(
    "text",
    {
        "control": ("the value holds an invisible or control character; type it again", ""),
        "bidi": ("the value holds a character that turns the direction of the text", ""),
        "surrogate": ("the value holds half a character; save the file as UTF-8 again", ""),
        "private_use": (
            "the value holds a character that only one computer knows; use the standard one",
            "BR-011",
        ),
    },
)

_add(
    "money",
    {
        "empty": ("no amount is given", ""),
        "words": ("{value} is not an amount; write it like 1000.00", ""),
        "scientific": (
            "{value} was cut short by a spreadsheet; set the column to text and enter it again",
            "BR-092",
        ),
        "currency": ("{value} is in another currency; amounts here are in yuan", ""),
        "negative": ("{value} is below zero; an amount is never negative", ""),
        "decimals": ("{value} has more than two decimals; the smallest part is 0.01", "BR-063"),
        "too_large": ("{value} is more than any amount here can be", ""),
    },
)

_add(
    "identity",
    {
        "empty": ("no number is given; someone without a document has the type NONE", "BR-007"),
        "not_none": ("the type says there is no document, yet a number is given", "BR-007"),
        "kind": ("{kind} is not a type of identity document", ""),
        "format": ("the number does not have the form of {kind}", ""),
        "scientific": (
            "the number was cut short by a spreadsheet; set the column to text and enter it again",
            "BR-092",
        ),
        "rounded": (
            "the last three places became 000 in a spreadsheet; enter the number again as text",
            "BR-092",
        ),
        "length": (
            "the number has {length} places; it must have 18, or 15 of the old form",
            "BR-001",
        ),
        "letters": ("the number holds something other than digits and a last X", "BR-001"),
        "date": ("the places 7 to 14 are not a date of birth", "BR-001"),
        "future": ("the date of birth {born} is in the future", "BR-001"),
        "decimal": ("a spreadsheet made the number one with decimals; enter it as text", "BR-092"),
        "reason": (
            "a document of type {kind} needs a reason: in the row or in the profile",
            "BR-007",
        ),
        "sex": ("the number says {derived}, the row says {typed}", "BR-003"),
        "born": ("the number says born on {derived}, the row says {typed}", "BR-003"),
        "checksum": (
            "the check digit is wrong; a digit was mistyped or two were swapped",
            "BR-001",
        ),
    },
)

_add(
    "person",
    {
        "not_live": ("this person is {state}; nothing more is recorded for them", "BR-016"),
        "death_date": ("{day} is in the future or before the birth", "BR-016"),
        "field": ("{field} is not a hidden field, or a reason is missing; there are {known}", ""),
        "no_value": ("there is no {field} on file", ""),
    },
)

_add(
    "phone",
    {
        "empty": ("no phone number is given", ""),
        "scientific": (
            "the phone number was cut short by a spreadsheet; enter it again as text",
            "BR-092",
        ),
        "format": ("this is no phone number; write 11 digits, or area code and number", ""),
        "decimal": (
            "a spreadsheet made the phone number one with decimals; enter it as text",
            "BR-092",
        ),
        "abroad": ("this is no phone number with its country code: 7 to 15 digits", ""),
        "digits": ("this is no phone number: 5 to 20 digits", ""),
    },
)

_add(
    "account",
    {
        "empty": ("no account number is given", ""),
        "scientific": (
            "the account was cut short by a spreadsheet; enter it again as text",
            "BR-092",
        ),
        "rounded": (
            "the last places became zeros in a spreadsheet; enter the account again as text",
            "BR-092",
        ),
        "letters": ("an account number has digits alone", ""),
        "length": ("the account has {length} digits; it must have 8 to 30", ""),
        "luhn": ("the check digit of the card looks wrong; compare it with the card", ""),
    },
)


_add(
    "file",
    {
        "missing": ("{file}: there is no such file", ""),
        "not_regular": ("{file}: this is a folder or a device; name a file", ""),
        "unreadable": ("{file}: the system does not let it be read: {reason}", ""),
        "unwritable": ("{file}: could not be written: {reason}; nothing was changed", ""),
        "empty": ("{file}: there is nothing in it", ""),
        "foreign": ("{file}: this is a {kind} file, not a table; save it as XLSX or CSV", ""),
        "web_page": ("{file}: this is a web page; open it and save it as XLSX or CSV", ""),
        "ending": ("{file}: the name says otherwise, but it is {kind} and was read so", ""),
        "encoding": (
            "{file}: line {line} is neither UTF-8 nor GB18030; name its encoding or save as UTF-8",
            "BR-092",
        ),
        "not_utf8": ("{file}: save it as UTF-8", ""),
        "delimiter": ("{file}: {delimiter} cannot stand between cells; give one character", ""),
        "encoding_unknown": ("{file}: {encoding} is not an encoding known here", ""),
        "not_encodable": ("{file}: row {row} has a character that {encoding} cannot write", ""),
        "nul": ("{file}: line {line} holds a NUL character; the file is damaged", "BR-092"),
        "quote": ("{file}: in row {row} a quotation mark is not closed or stands inside", ""),
        "cell_long": ("{file}: a cell of row {row} is longer than 131,072 characters", ""),
        "row_long": (
            "{file}: row {row} is longer than {mib} MiB; a quotation mark or a line end is missing",
            "",
        ),
        "wide": ("{file}: {columns} columns; a table has at most {most}", ""),
        "changed": ("{file}: it was changed while it was read; try again", ""),
    },
)

_add(
    "sheet",
    {
        "broken": ("{file}: the workbook is damaged; open it, save it again and retry", ""),
        "password": ("{file}: a password protects it; save it without one", ""),
        "unknown": ("{file}: it has no sheet {sheet}; there are {sheets}", ""),
        "others": ("sheet {sheet} was read; also filled: {others}", ""),
        "merged": ("{area}: merged cells; only the first of them has a value", "BR-092"),
        "bomb_entries": ("{file}: {entries} parts in one workbook; refused", ""),
        "bomb_size": ("{file}: it would unpack to {mib} MiB; refused", ""),
        "bomb_ratio": ("{file}: it unpacks to more than 200 times its size; refused", ""),
        "too_big": ("{file}: reading it takes more than 1 GiB of memory; save it as CSV", ""),
        "stuck": ("{file}: no row came for {seconds} seconds; save it as CSV", ""),
        "too_many_rows": ("{file}: more rows than a sheet can hold; write CSV instead", ""),
        "cell_long": ("{file}: row {row} has a cell of more than {most} characters", ""),
    },
)

_add(
    "header",
    {
        "blank": ("row {row}: column {column} holds values but has no heading", ""),
        "repeated": ("the heading {name} stands in column {first} and in {second}; rename one", ""),
        "labels": ("row {row} says the headings once more and was left out", ""),
        "missing": ("no column for {field}; looked for {aliases}", ""),
        "ambiguous": ("columns {columns} all fit {field}; say which one it is", ""),
        "no_such": ("there is no column {name} for {field}", ""),
        "profile": ("there is no column {name}, and profile {profile} needs it", ""),
        "no_key": ("no column says whom a row is about; it needs one of {fields}", "BR-091"),
    },
)

_add(
    "row",
    {"long": ("{cells} cells under {width} headings; a delimiter too many shifts them", "")},
)

_add(
    "bank",
    {
        "amount": ("{voucher}: an amount for a bank is above zero", "BR-064"),
        "blank": ("{voucher}: {field} is empty", "BR-064"),
        "text": ("{voucher}: {field} has a character that a bank file may not hold", "BR-064"),
        "encoding": ("a name has a character that {encoding} cannot write", "BR-064"),
        "unreadable": ("{file}: this is not a batch file as it was written", "BR-064"),
        "control": ("{file}: its last line disagrees with its lines", "BR-064"),
    },
)

_add(
    "filter",
    {
        "too_long": ("a filter has at most {limit} characters", ""),
        "quote": ("a quote is opened and not closed, or stands in the middle of a word", ""),
        "minus": ("- stands before a word or a test", ""),
        "no_field": ("no field {field}, perhaps {perhaps}", ""),
        "no_value": ("a value is missing after {field}", ""),
        "one_value": ("one value after {op}", ""),
        "op": ("{field} has no order: write {field}: instead of {field}{op}", ""),
        "comma": ("a comma stands between the values of a test; put words side by side", ""),
        "short_digits": ("at least four digits", ""),
        "names_none": ("{typed} is no {field} known here", ""),
        "names_one_of": ("{typed} is no {field}; there are {known}", ""),
        "no_words": ("words find people; here write field:value", ""),
        "not_kept": ("this list does not keep {flags}; the rest of the filter holds", ""),
        "no_sort": ("this list cannot be sorted by {field}; it can by {known}", ""),
        "thousands": ("{field} has no thousands mark: write {write}", ""),
        "number": ("{typed} is not a whole number", ""),
        "money": ("{typed} is not an amount: write 1000, 0.50 or 1.5万", ""),
        "date": ("{typed} is not a date: write 2022-11-24, 2022-11, today or -7d", ""),
        "flag": ("no flag {typed}", ""),
        "sort": ("no field {typed} to sort by", ""),
        "sex": ("sex is F or M", ""),
    },
)


_add(
    "bundle",
    {
        "exists": ("{path} is there already; give a name that is free", ""),
        "heads": ("the store holds {events} events, and its heads count others", ""),
    },
)


_add(
    "store",
    {
        "no_driver": ("a PostgreSQL store needs the extra {package}: pip install '{package}'", ""),
        "sqlite_old": (
            "SQLite {version} is too old, 3.43 is the oldest that works: pip install pysqlite3",
            "",
        ),
        "missing": ("there is no store at {place}; rcaid init makes one", ""),
        "unreadable": ("{place} cannot be read as a store: {why}", ""),
        "read_only": ("the store {place} may only be read here; nothing was changed", ""),
        "full": ("the disk of {place} is full; nothing of this was kept", ""),
        "disk": ("the disk of {place} failed a write; nothing of this was kept", ""),
        "busy": ("the store {place} is busy with others; try again in a moment", ""),
        "collation": (
            "the database {place} has encoding {encoding} and collation {collation};"
            " rcaid needs UTF8 and C: CREATE DATABASE … TEMPLATE template0"
            " ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'",
            "",
        ),
        "unreachable": ("the store {place} cannot be reached: {why}", ""),
    },
)

_add(
    "migration",
    {
        "gap": ("the migrations of {engine} are not numbered from 1 without gaps: {numbers}", ""),
        "newer": (
            "the store has schema {store} and this program knows {program}; use a newer rcaid",
            "",
        ),
        "changed": ("the migration {name} has changed since it ran; install rcaid afresh", ""),
        "pending": ("{place} has an older schema than this program; run rcaid db migrate", ""),
    },
)

_add(
    "demo",
    {
        "scale": ("a scale of {value} is not possible; choose one from {least} to {most}", ""),
        "folder": (
            "{folder} holds something else ({found}); name an empty folder or an earlier year's",
            "",
        ),
        "not_a_demo": ("{place} is a store of real people; a demo does not take its place", ""),
    },
)

_add(
    "act",
    {
        "confirm": ("nobody can be asked here; add --yes to go ahead without a question", ""),
        "declined": ("nothing was done", ""),
        "expected": (
            "there are {now} now, and {expected} were reviewed; look again and name the new number",
            "",
        ),
        "expected_sum": (
            "it is {now} now, and {expected} was reviewed; look again and name the new sum",
            "",
        ),
    },
)

_add(
    "check",
    {
        "file": ("the store's file is damaged: {what}", ""),
        "orphan": ("a row of {table} belongs to a row that is not there", ""),
        "served": ("{kept} person-times are kept in cycle {cycle}, {counted} counted", ""),
        "flow": ("{machine} {state} of office {office}: {kept} kept, {counted} counted", ""),
    },
)

_add(
    "backup",
    {
        "engine": ("PostgreSQL is backed up by its own tools: pg_dump, pg_basebackup", ""),
        "exists": ("{place} is there already; name a file that is free", ""),
    },
)

_add(
    "audit",
    {
        "bundle": ("{file}: {why}", ""),
        "no_bundle": ("{file} is no bundle: it is neither a zip nor a folder", ""),
        "no_key": ("{file} holds no public key; a key file is PEM, as rcaid audit key writes", ""),
    },
)

_add(
    "report",
    {
        "unknown": ("there is no report {report}; there are {known}", ""),
        "period": (
            "{period} is no period; write a year like 2022, a month like 2022-10, or two days "
            "like 2022-01-01..2022-06-30",
            "",
        ),
        "day": ("{day} is no day; write it like 2022-11-30", ""),
        "office": ("there is no office {office}", ""),
        "whole": ("{report} shows the whole society alone; leave the office out", ""),
        "needs_file": ("{format} goes into a file: add -o NAME.{format}", ""),
    },
)

_add(
    "snapshot",
    {
        "unknown": ("there is no snapshot {number}", ""),
        "changed": ("snapshot {number} is not what was frozen: its hash differs", "BR-074"),
        "corrects": ("{number} is of {report}; a correction is of the same report", "BR-074"),
        "indicator": ("{indicator} has no total; those that have one are {known}", "BR-075"),
        "moved": ("the figures moved while they were looked at; run the report again", "BR-074"),
        "negative": ("a total on record is not below zero", "BR-075"),
    },
)

_add(
    "doctor",
    {
        "not_compiled": (
            "{place} is not compiled and starts slowly; run python -m compileall there",
            "",
        ),
        "sqlite": (
            "SQLite {version} can damage a store that two processes write; install pysqlite3",
            "",
        ),
        "keys_beside": (
            "the keys lie beside the store ({place}); a copy of the folder opens everything",
            "",
        ),
        "keys_at": ("the keys are in {place}; keep a copy of them apart from every backup", ""),
        "demo": ("this is a demo store: anybody may act as anybody in it", ""),
        "nobody": ("nobody holds the duty {duty}", ""),
        "file_open": ("{place} can be read by others on this machine; chmod 600", ""),
        "room": ("only {mib} MiB are free where the store lies", ""),
    },
)

for _table in (WORK, CASES, MONEY):
    for _noun, _rows in _table.items():
        _add(_noun, _rows)


def sentence(problem: Problem, translate: Callable[[str], str] = lambda text: text) -> str:
    """One line that says what is wrong and what to do, with the rule in brackets."""
    known = SENTENCES.get(problem.code)
    if known is None:
        return problem.code
    params = {"value": problem.value, **problem.params}
    if problem.code.startswith("who."):
        known = _of_person(problem.code, params, translate) or known
    text = translate(known.text).format_map(params)
    return f"{text} ({known.cite})" if known.cite else text


def _of_person(
    code: str, params: dict[str, object], translate: Callable[[str], str]
) -> Sentence | None:
    """Puts the words of an act into ``params``; the sentence that fits what is known of it."""
    act = str(params.get("act", ""))
    needed = ACTS.get(act, (act,))
    params["duties"] = ", ".join(translate(duty) for duty in needed)
    for name in ("act", "part"):
        if params.get(name):
            params[name] = translate(str(params[name]))
    if code != "who.no_duty" or params.get("office"):
        return None
    return SENTENCES["who.no_duty_anywhere" if act else "who.no_duty_at_all"]


def is_rule(code: str) -> bool:
    """Whether a problem code stands for a rule that can be cited."""
    known = SENTENCES.get(code)
    return known is not None and bool(known.cite)
