"""The registry of commands: one row each, from which keys, last line, palette, F1 and docs come.

It needs nothing but Python, so that the command line can print it. A place is a set of contexts:
a list of cases is ``anywhere``, ``rows``, ``list`` and ``cases``; a card of one is ``anywhere``,
``rows``, ``card`` and ``cases``. A key means one thing in one context; the step of a thing (``y``)
is the exception, since its state allows one at a time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rcaid.locale import N_, _, in_language
from rcaid.screens import keys

ANYWHERE, ROWS, LIST, CARD = "anywhere", "rows", "list", "card"
REVIEW, FILTER, FORM = "review", "filter", "form"
PLACES = ("today", "people", "cases", "rosters", "aid", "imports", "programmes", "reports")
FORBIDDEN = (
    *(f"ctrl+{letter}" for letter in "hijmabvxzyedkuwnt"),
    "ctrl+space",
    "ctrl+full_stop",
    "ctrl+comma",
    "f11",
    "f12",
    *(f"shift+f{n}" for n in range(1, 13)),
)
"""Keys that never reach the program as themselves, or that something else lives on."""
FORBIDDEN_ON_ROWS = ("[", "]", "O", "P")
"""Letters that begin an escape sequence when they follow Esc in one read."""

_CASE = ("caseworker", "verifier", "reviewer", "approver")
_NOT_ADMINISTRATOR = (*_CASE, "preparer", "releaser", "keeper", "notice", "auditor")
_NOT_KEEPER = tuple(duty for duty in _NOT_ADMINISTRATOR if duty != "keeper")
_IMPORTS = ("caseworker", "reviewer", "preparer")
_SEES_HELP = (*_CASE, "auditor")
_HANDS = ("caseworker", "keeper")
_SEES_AID = (*_CASE, "preparer", "releaser", "keeper", "notice", "auditor")


@dataclass(frozen=True, slots=True)
class Command:
    """One thing a person may do.

    ``order`` is the place on the last line, 0 for none; ``duties`` who may (empty: everybody),
    with the rest of the rule in ``rule``; ``marks`` says that it acts on the marked rows,
    ``repeatable`` that ``.`` may do it again; ``cli`` is its verb on the command line. ``absent``
    is why this version has no screen for it.
    """

    id: str
    label: str
    keys: tuple[str, ...]
    where: tuple[str, ...]
    order: int = 0
    help: str = ""
    duties: tuple[str, ...] = ()
    rule: str = ""
    marks: bool = False
    repeatable: bool = False
    cli: str = ""
    absent: str = ""

    @property
    def name(self) -> str:
        """The label in the reader's language."""
        return _(self.label)

    @property
    def key(self) -> str:
        """The first key as people write it; "" if it is in the palette only."""
        return keys.shown(self.keys[0]) if self.keys else ""


_LATER = N_("it comes with a later version; on the command line: {cli}")

# fmt: off
COMMANDS: tuple[Command, ...] = (
    Command("app.help", N_("Help"), ("f1", "?"), (ANYWHERE,), 90,
            N_("every key of this place, and why a greyed one is grey")),
    Command("app.commands", N_("Commands"), ("ctrl+p", ":"), (ANYWHERE,), 91,
            N_("find a command by its name")),
    Command("app.find", N_("Find anything"), ("ctrl+f",), (ANYWHERE,), 0,
            N_("people, from wherever you are"), _NOT_KEEPER, N_("own offices"),
            cli="person find"),
    Command("app.go", N_("Go"), ("ctrl+g",), (ANYWHERE,), 89, N_("a place by its number")),
    Command("app.back", N_("Back"), ("escape",), (ANYWHERE,), 0,
            N_("one step back; it never quits and never loses text")),
    Command("app.redraw", N_("Draw again"), ("ctrl+l",), (ANYWHERE,), 0,
            N_("after something else wrote on the terminal")),
    Command("app.copy_selection", N_("Copy the selection"), ("ctrl+c",), (FILTER,), 0,
            N_("the selected text goes to your own machine's clipboard")),
    Command("app.lock", N_("Lock"), (), (ANYWHERE,), 0,
            N_("cover the screen until Enter; also ^g l, and by itself after 5 minutes")),
    Command("app.quit", N_("Quit"), ("ctrl+q",), (ANYWHERE,), 0, N_("leave; also ^g q")),
    Command("go.today", N_("Today"), ("f2",), (ANYWHERE,), 0, N_("what waits for you")),
    Command("go.people", N_("People"), ("f3",), (ANYWHERE,), 0,
            N_("search as you type"), _NOT_KEEPER, cli="person find"),
    Command("go.cases", N_("Cases"), ("f4",), (ANYWHERE,), 0,
            N_("one line for each person helped"), _NOT_KEEPER, cli="case list"),
    Command("go.rosters", N_("Rosters & quota"), ("f5",), (ANYWHERE,), 0,
            N_("lists of people under a quota"), _NOT_ADMINISTRATOR, cli="roster list"),
    Command("go.aid", N_("Aid"), ("f6",), (ANYWHERE,), 0,
            N_("batches of money and goods, and transfers"), _SEES_AID, cli="batch list"),
    Command("go.imports", N_("Imports"), ("f7",), (ANYWHERE,), 0,
            N_("files that come in"), _IMPORTS, cli="import list"),
    Command("go.programmes", N_("Programmes, funds, disasters"), ("f8",), (ANYWHERE,), 0,
            N_("rules, balances, events and donors"), cli="programme list"),
    Command("go.reports", N_("Reports"), ("f9",), (ANYWHERE,), 0,
            N_("figures as of a day"), cli="report annual"),
    Command("go.record", N_("Record"), ("f10",), (ANYWHERE,), 0,
            N_("who did what"), ("auditor",), N_("others their own acts"),
            cli="audit log", absent=_LATER),

    Command("rows.open", N_("Open"), ("enter",), (ROWS,), 10, N_("the thing under the cursor")),
    Command("rows.down", N_("Down"), ("down", "j"), (ROWS,)),
    Command("rows.up", N_("Up"), ("up", "k"), (ROWS,)),
    Command("rows.page_down", N_("Page down"), ("pagedown",), (ROWS,)),
    Command("rows.page_up", N_("Page up"), ("pageup",), (ROWS,)),
    Command("rows.first", N_("First"), ("home", "g"), (ROWS,)),
    Command("rows.last", N_("Last"), ("end", "G"), (ROWS,)),
    Command("rows.pane", N_("Next part"), ("tab",), (ROWS,), 0,
            N_("into the side pane or the next part, to scroll it")),
    Command("rows.pane_back", N_("Part before"), ("shift+tab",), (ROWS,)),
    Command("rows.tab", N_("List 1 to 5"), ("1", "2", "3", "4", "5"), (LIST,), 0,
            N_("the list of that number in this place")),
    Command("rows.filter", N_("Filter"), ("/",), (LIST,), 60,
            N_("words and field:value, side by side")),
    Command("rows.mark", N_("Mark"), ("space",), (LIST,), 50,
            N_("and go down; marks stay when the filter changes")),
    Command("rows.mark_all", N_("Mark all that fit"), ("*",), (LIST,), 0,
            N_("all pages of it; again: none")),
    Command("rows.zoom", N_("Preview, zoom"), ("z",), (ROWS,), 0,
            N_("the preview; on a card one part alone")),
    Command("rows.copy", N_("Copy the number"), ("c",), (ROWS,), 0,
            N_("to your own machine's clipboard")),
    Command("rows.more", N_("More"), ("m",), (ROWS,), 70, N_("all that may be done here")),
    Command("rows.repeat", N_("Same again"), (".",), (ROWS,), 0,
            N_("the last act that can be taken back, on this row")),
    Command("card.next", N_("Next"), ("J",), (CARD,), 55, N_("the next card of the list")),
    Command("card.before", N_("One before"), ("K",), (CARD,), 0,
            N_("the card before it")),

    Command("person.reveal", N_("Reveal"), ("!",), ("people", "cases"), 35,
            N_("one masked field for 60 s; the reason is recorded"), (*_CASE, "preparer"),
            N_("by duty and field"), cli="person show --reveal"),
    Command("person.help", N_("Help given"), ("h",), ("people", "cases"), 40,
            N_("by year, for person and household"), _SEES_HELP, cli="person history"),
    Command("case.explain", N_("Explain"), ("e",), ("people", "cases", "rosters", REVIEW), 45,
            N_("every rule with its number and result"), _SEES_HELP, cli="case show"),
    Command("case.register", N_("Register"), ("n",), ("today", "people", "cases"), 32,
            N_("a new application, with what is known beside it"), ("caseworker",),
            cli="case new"),
    Command("case.queue", N_("Verify queue"), ("v",), ("today", "cases"), 33,
            N_("one case after another, what is due first"), ("verifier",)),
    Command("case.verify", N_("Pass"), ("y",), ("cases",), 19,
            N_("submitted or in verification; a check that warns asks for an opinion"),
            ("verifier",), N_("not who entered it"), cli="case verify"),
    Command("case.answer", N_("Answer"), ("y",), ("cases",), 20,
            N_("returned: the papers that have come"), ("caseworker",), cli="case answer"),
    Command("case.submit", N_("Submit"), ("y",), ("cases",), 21,
            N_("a draft of the store"), ("caseworker",), cli="case submit"),
    Command("case.propose", N_("Propose"), ("y",), ("cases",), 22,
            N_("at the district: the amount, by the rules or another with a reason"),
            ("reviewer",), N_("had no earlier part"), cli="case propose"),
    Command("case.approve", N_("Approve"), ("a",), ("cases",), 23,
            N_("proposed cases, through the review"), ("approver",),
            N_("within the limit, had no earlier part"), marks=True, cli="case approve"),
    Command("case.return", N_("Return"), ("r",), ("cases",), 30,
            N_("for papers by their numbers; the clock stops"), ("verifier", "reviewer"),
            cli="case return"),
    Command("case.reject", N_("Reject"), ("x",), ("cases",), 31,
            N_("with a reason; the text to the family is made"),
            ("verifier", "reviewer", "approver"), cli="case reject"),
    Command("person.papers", N_("Papers"), ("d",), ("cases",), 42,
            N_("the checklist: a number marks a paper as seen"), _SEES_HELP, cli="case paper"),
    Command("case.withdraw", N_("Withdraw"), (), ("cases",), 80,
            N_("the family asks; before it goes to the district"), ("caseworker",),
            cli="case withdraw"),
    Command("case.suspend", N_("Suspend"), (), ("cases",), 81,
            N_("until something is cleared up, with a reason"), ("reviewer", "approver"),
            cli="case suspend"),
    Command("case.resume", N_("Resume"), (), ("cases",), 82,
            N_("goes on where it stood"), ("reviewer", "approver"), cli="case resume"),
    Command("case.appeal", N_("Appeal"), (), ("cases",), 83,
            N_("a rejected case, once"), ("caseworker",), N_("within 30 days"),
            cli="case appeal"),
    Command("case.edit", N_("Change"), (), ("cases",), 84,
            N_("what a draft or a returned case says"), ("caseworker",), cli="case edit"),
    Command("roster.submit", N_("Hand in"), ("y",), ("rosters",), 19,
            N_("open rosters"), ("caseworker",), marks=True, cli="roster submit"),
    Command("roster.verify", N_("Verify"), ("y",), ("rosters",), 20,
            N_("submitted rosters"), ("verifier",), N_("not who filled it"), marks=True,
            cli="roster verify"),
    Command("roster.freeze", N_("Freeze"), ("y",), ("rosters",), 21,
            N_("verified rosters"), ("reviewer",), marks=True, cli="roster freeze"),
    Command("roster.approve", N_("Approve"), ("a",), ("rosters",), 22,
            N_("frozen rosters, through the review"), ("approver",), N_("had no earlier part"),
            marks=True, cli="roster approve"),
    Command("roster.return", N_("Return"), ("r",), ("rosters",), 30,
            N_("submitted or verified, with a reason"), ("verifier", "reviewer"),
            marks=True, repeatable=True, cli="roster return"),
    Command("roster.batch", N_("Make a batch"), ("b",), ("rosters",), 23,
            N_("of an approved roster: round and kind by one number"), ("preparer",),
            cli="batch create"),
    Command("batch.new", N_("New batch"), ("n",), ("batches",), 48,
            N_("of all that is ready in a round and an office"), ("preparer",),
            cli="batch create"),
    Command("batch.lock", N_("Lock the lines"), ("y",), ("batches",), 20,
            N_("draft batches: the lines stand"), ("preparer",), marks=True, cli="batch lock"),
    Command("batch.approve", N_("Approve"), ("a",), ("batches",), 21,
            N_("locked batches, through the review"), ("approver",), N_("had no earlier part"),
            cli="batch approve"),
    Command("batch.release", N_("Release"), ("l",), ("batches",), 22,
            N_("approved batches, through the review"), ("releaser",), N_("had no earlier part"),
            cli="batch release"),
    Command("batch.reconcile", N_("Reconcile"), ("y",), ("batches",), 23,
            N_("released batches of which nothing is on its way"), ("preparer",),
            N_("not who released it"), marks=True, cli="batch reconcile"),
    Command("batch.close", N_("Close"), ("y",), ("batches",), 24,
            N_("reconciled batches with no difference"), ("approver",), marks=True,
            cli="batch close"),
    Command("batch.cancel", N_("Cancel"), ("x",), ("batches",), 30,
            N_("before release, with a reason; what is in it is ready again"), ("preparer",),
            cli="batch cancel"),
    Command("batch.file", N_("Write the bank file"), ("o",), ("batches",), 32,
            N_("into the outbox, of a released batch, with what it is for and who gets it"),
            ("releaser",), cli="batch export"),
    Command("batch.clear", N_("Clear a flag"), ("v",), ("batches",), 33,
            N_("what holds a locked batch, one by one, with a reason"),
            ("reviewer", "approver", "releaser"), N_("who neither made nor filled it in"),
            cli="batch clear"),
    Command("return.fix_account", N_("Fix the account"), ("f",), ("panes",), 20,
            N_("of a payment that came back; behind the number the bank, if it is another"),
            ("caseworker", "preparer"), cli="batch accounts"),
    Command("return.reissue", N_("Pay again"), ("i",), ("batches", "panes"), 34,
            N_("what came back and has another account since"), ("preparer",),
            cli="batch reissue"),
    Command("return.filter", N_("Filter"), ("/",), ("panes",), 60,
            N_("both panes, by voucher, name or reason"), _SEES_AID),
    Command("day.look_up", N_("Look up, hand over"), ("enter",), ("day",), 10,
            N_("with digits in the field look up, with none hand over"), _HANDS),
    Command("day.agent", N_("Agent"), ("+",), ("day",), 20,
            N_("somebody else takes it: who, and the last four digits of their ID"), _HANDS),
    Command("day.not_today", N_("Not today"), ("-",), ("day",), 21,
            N_("it is not handed out, with a reason; the right stays"), _HANDS),
    Command("day.by_name", N_("By name"), ("/",), ("day",), 22,
            N_("for who does not know their number"), _HANDS),
    Command("day.pick", N_("The other one"), ("down", "up"), ("day",), 0,
            N_("where two have the same four digits"), _HANDS),
    Command("programme.versions", N_("What changed"), ("e",), ("programmes",), 45,
            N_("from version to version of the rules"), cli="programme show"),
    Command("fund.file", N_("Trace to a file"), ("o",), ("donors",), 47,
            N_("into the outbox, for the donor's own question"),
            ("preparer", "releaser", "approver", "auditor"), cli="donor trace"),
    Command("fund.trace", N_("Trace"), ("t",), ("funds", "donors"), 46,
            N_("what became of the money, donation by donation"),
            ("preparer", "releaser", "approver", "auditor"), cli="donor trace"),
    Command("transfer.new", N_("New transfer"), ("n",), ("transfers",), 0,
            N_("to an institution or another region"), ("preparer",),
            cli="transfer new", absent=_LATER),
    Command("transfer.approve", N_("Approve"), ("a",), ("transfers",), 20,
            N_("drafts, through the review"), ("approver",), N_("had no earlier part"),
            cli="transfer approve"),
    Command("transfer.send", N_("Send"), ("l",), ("transfers",), 21,
            N_("approved transfers, through the review"), ("releaser",),
            N_("had no earlier part"), cli="transfer send"),
    Command("transfer.receive", N_("It was received"), ("y",), ("transfers",), 22,
            N_("the receiver has confirmed"), ("preparer",), cli="transfer receive"),
    Command("transfer.report", N_("It was reported"), ("y",), ("transfers",), 23,
            N_("the receiver has told what became of it"), ("preparer",), cli="transfer report"),
    Command("transfer.return", N_("It came back"), ("r",), ("transfers",), 30,
            N_("sent transfers, with a reason"), ("preparer",), cli="transfer return"),
    Command("transfer.cancel", N_("Cancel"), ("x",), ("transfers",), 31,
            N_("before it is sent, with a reason"), ("preparer",), cli="transfer cancel"),
    Command("notice.new", N_("New notice"), ("n",), ("notices",), 30,
            N_("of the approved cases of a cycle"), ("notice",), cli="notice draft"),
    Command("notice.publish", N_("Publish"), ("p",), ("notices",), 20,
            N_("drafts, through the review; the count is typed"), ("notice",),
            cli="notice publish"),
    Command("notice.close", N_("Close the notice"), ("y",), ("notices",), 21,
            N_("on or after its last day: what nobody objects to is cleared"), ("notice",),
            cli="notice close"),
    Command("notice.objection", N_("Enter an objection"), (), ("notices",), 31,
            N_("to a line of a notice that is up; its case stops"), ("notice",),
            cli="notice object"),
    Command("notice.correct", N_("Publish a correction"), (), ("notices",), 32,
            N_("another notice in its place, through the review"), ("notice",),
            cli="notice correct"),
    Command("notice.dismiss", N_("Dismiss an objection"), ("y",), ("notices",), 22,
            N_("with a reason; the days of its line begin anew"), ("reviewer",),
            N_("not who took it down"), cli="notice dismiss"),
    Command("notice.uphold", N_("Uphold an objection"), ("x",), ("notices",), 23,
            N_("with a reason; the case is rejected, its line struck"), ("reviewer",),
            N_("not who took it down"), cli="notice uphold"),
    Command("notice.cancel", N_("Cancel"), ("x",), ("notices",), 0,
            N_("a draft; its cases wait for another notice"), ("notice",), cli="notice cancel"),
    Command("notice.read", N_("What was said"), ("e",), ("notices",), 40,
            N_("the objections to it; reading them is recorded"), ("notice", "reviewer"),
            cli="notice objections"),
    Command("notice.file", N_("Write it to a file"), ("o",), ("notices",), 0,
            N_("into the outbox, as page, table or text"), (), cli="notice show"),
    Command("import.plan", N_("Read and plan"), (), ("inbox", "mapping"), 0,
            N_("a file of the inbox; also Enter"), _IMPORTS, N_("by kind of file"),
            cli="import plan"),
    Command("map.field", N_("What it is"), ("space",), ("mapping",), 20,
            N_("the field that the column under the cursor is"), _IMPORTS, cli="import plan"),
    Command("map.leave", N_("Leave out"), ("x",), ("mapping",), 25,
            N_("do not use the column; again: as its heading says"), _IMPORTS),
    Command("map.kind", N_("Kind"), ("1",), ("mapping",), 30,
            N_("what kind of file it is"), _IMPORTS, cli="import plan"),
    Command("map.cycle", N_("Cycle"), ("2",), ("mapping",), 31,
            N_("which cycle it is for"), _IMPORTS, cli="import plan"),
    Command("map.profile", N_("Profile"), ("3",), ("mapping",), 0,
            N_("read it as files of this sender were read before"), _IMPORTS,
            cli="import profiles"),
    Command("map.dates", N_("Dates"), ("4",), ("mapping",), 0,
            N_("the order in which dates are written"), _IMPORTS, cli="import plan"),
    Command("map.keep", N_("Keep as a profile"), ("n",), ("mapping",), 0,
            N_("remember how this file is read"), _IMPORTS, cli="import profile save"),
    Command("import.apply", N_("Apply"), ("a",), ("plan",), 20,
            N_("what was planned, and no other; the count is typed"), _IMPORTS,
            N_("by kind of file"), cli="import apply"),
    Command("import.again", N_("Plan again"), ("y",), ("plan",), 25,
            N_("after pairs were decided, or when something moved"), _IMPORTS,
            N_("by kind of file"), cli="import plan"),
    Command("import.rejects", N_("Rejects to a file"), ("o",), ("plan", "import_batches"), 40,
            N_("the rows that are not taken, with why, into the inbox"), _IMPORTS,
            cli="import rejects"),
    Command("import.undo", N_("Take back"), ("u",), ("import_batches",), 35,
            N_("what came in with this file, through the review; what others rest on stays"),
            ("reviewer",), N_("while nothing rests on it"), cli="import undo"),
    Command("dup.same", N_("Same"), ("s", "1"), ("plan", "pair"), 30,
            N_("they are one person; two on record are merged by a reviewer"),
            ("caseworker", "reviewer"), cli="import decide"),
    Command("dup.different", N_("Different"), ("d", "2"), ("plan", "pair"), 31,
            N_("they are different people"), ("caseworker", "reviewer"), cli="import decide"),
    Command("dup.later", N_("Later"), ("l", "3"), ("plan", "pair"), 32,
            N_("decide another time; the row waits"), ("caseworker", "reviewer"),
            cli="import decide"),
    Command("dup.split", N_("Undo a merge"), ("u",), ("duplicates",), 33,
            N_("two people again; step:merged lists those that were merged"), ("reviewer",),
            N_("until something was paid since"), cli="person split"),
    Command("import.map", N_("Columns"), (), ("inbox", "plan"), 60,
            N_("what each column is taken for"), _IMPORTS, cli="import plan"),
    Command("report.pick", N_("Report 1 to 9"), tuple("123456789"), ("reports",), 0,
            N_("asks for period, office and day; Enter runs it"), cli="report list"),
    Command("report.export", N_("Write a workbook"), ("o",), ("report",), 20,
            N_("into the outbox; no person is named in it"), cli="report annual"),
    Command("report.page", N_("Write a page"), ("p",), ("report",), 25,
            N_("to print, with bars, into the outbox"), cli="report annual"),
    Command("report.freeze", N_("Freeze"), ("y",), ("report",), 30,
            N_("keep the figures as they are under a number, through the review"),
            ("reviewer", "approver"), cli="report annual"),
    Command("report.wording", N_("Wording"), ("w",), ("report",), 35,
            N_("figures as they are announced, below the table"), cli="report annual"),
    Command("report.columns", N_("Other columns"), ("left", "right"), ("report",), 0,
            N_("further numbers, the names stay")),
    Command("record.verify", N_("Check the record"), (), (ANYWHERE,), 0,
            N_("recomputes every hash, compares the rows"), ("auditor", "administrator"),
            cli="audit verify"),

    Command("filter.keep", N_("To the rows"), ("enter",), (FILTER,), 10),
    Command("filter.cancel", N_("Put back"), ("escape",), (FILTER,), 20,
            N_("the filter as it stood before")),
    Command("filter.accept", N_("Take the completion"), ("right",), (FILTER,), 0,
            N_("at the end of the text")),
    Command("filter.rows", N_("Move in the rows"), ("up", "down"), (FILTER,), 0,
            N_("while the text stays open")),
    Command("filter.older", N_("Earlier filters"), ("ctrl+r",), (FILTER,), 30),

    Command("form.submit", N_("Submit"), ("ctrl+s",), (FORM,), 10,
            N_("also Enter on the last line")),
    Command("form.next", N_("Next"), ("enter", "tab", "down"), (FORM,), 20,
            N_("the next field, in order")),
    Command("form.before", N_("Field before"), ("shift+tab", "up"), (FORM,), 0,
            N_("back in order")),
    Command("form.open_field", N_("Next to fill"), ("ctrl+r",), (FORM,), 30,
            N_("over what is filled or on record")),
    Command("form.jump", N_("Jump"), ("ctrl+o",), (FORM,), 40, N_("a field by its number")),
    Command("form.leave", N_("Leave"), ("escape",), (FORM,), 50, N_("the draft is kept")),
    Command("form.discard", N_("Throw the draft away"), (), (FORM,), 0,
            N_("what was typed here is gone")),

    Command("review.go", N_("Do it"), ("enter",), (REVIEW,), 10, N_("after the count is typed")),
    Command("review.yes", N_("Do it"), ("y",), (REVIEW,), 11,
            N_("where so few things need no count")),
    Command("review.in_out", N_("In or out"), ("space",), (REVIEW,), 20,
            N_("a doubtful one, with a reason")),
    Command("review.options", N_("Change the choice"), ("m",), (REVIEW,), 30,
            N_("for example the rounds of an approval")),

    Command("set.language", N_("Language"), (), (ANYWHERE,), 0, N_("English or Chinese")),
    Command("set.theme", N_("Colours"), (), (ANYWHERE,), 0,
            N_("dark, light, high contrast, the terminal's own")),
    Command("set.glyphs", N_("Fine or plain signs"), (), (ANYWHERE,), 0,
            N_("plain, where a line drawing takes two cells")),
)
# fmt: on

BY_ID = {command.id: command for command in COMMANDS}

GO = {
    "2": "go.today",
    "3": "go.people",
    "4": "go.cases",
    "5": "go.rosters",
    "6": "go.aid",
    "7": "go.imports",
    "8": "go.programmes",
    "9": "go.reports",
    "0": "go.record",
    "l": "app.lock",
    "q": "app.quit",
}
"""What a digit or letter after ^g does."""


def of(contexts: Iterable[str]) -> tuple[Command, ...]:
    """The commands of a place, in the order of the registry."""
    here = set(contexts)
    return tuple(command for command in COMMANDS if here & set(command.where))


def of_key(key: str, contexts: Iterable[str]) -> tuple[Command, ...]:
    """What a key means there: one command, or several of which the state allows one."""
    return tuple(command for command in of(contexts) if key in command.keys)


def absence(command: Command) -> str:
    """Why this version has no screen for a command, "" if it has one."""
    return _(command.absent).format(cli=f"rcaid {command.cli}") if command.absent else ""


def duties_text(command: Command, translate: bool = True) -> str:
    """Who may, in words."""
    say = _ if translate else str
    who = ", ".join(say(duty) for duty in command.duties) or say(N_("everybody"))
    return f"{who}; {say(command.rule)}" if command.rule else who


def commands_table(place: str = "") -> str:
    """The registry as a Markdown table, in both languages; of one place if named."""
    rows = ["| id | English | 中文 | key | where | who may | command line |"]
    rows.append("|---|---|---|---|---|---|---|")
    for command in COMMANDS:
        if place and place not in command.where:
            continue
        pressed = ", ".join(keys.shown(key) for key in command.keys) or "^p"
        cells = (
            f"`{command.id}`",
            command.label,
            in_language("zh_CN", command.label),
            pressed.replace("*", "\\*"),
            ", ".join(command.where),
            duties_text(command, translate=False),
            f"`rcaid {command.cli}`" if command.cli else "",
        )
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows) + "\n"
