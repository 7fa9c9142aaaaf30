"""What the played year came to, printed beside what the maker planted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rcaid.demo.applications import EVENTS
from rcaid.demo.calendar import NEXT
from rcaid.demo.run import Player
from rcaid.domain.errors import Broken, Problem
from rcaid.domain.money import yuan
from rcaid.services import audit, society, transfers
from rcaid.services.programmes import listing
from rcaid.services.reporting.figures import counts, recounted, transfer_wording, wording

Say = Callable[[str], None]
YEAR = "2022"


def play_year(folder: Path, url: str, say: Say) -> Player:
    """Plays the year of a folder and prints its figures, its checks and how to open it.

    Raises Broken when a figure is not what was planted or the record does not hold.
    """
    player = Player(folder, url, say)
    player.set_up()
    player.play()
    agree = [
        figures(player, say),
        applied_for(player, say),
        sent_on(player, say),
        rejected_rows(player, say),
        record_holds(player, say),
    ]
    steps(player, say)
    how_to_open(player, say)
    if not all(agree):
        raise Broken(Problem("demo.differs"))
    return player


def figures(player: Player, say: Say) -> bool:
    """Persons, households, person-times and value of each programme, counted from the rows."""
    say("")
    say(f"What {YEAR} came to, counted from the store:")
    agree = True
    desk = player.admin
    listed = [each for each in listing(desk) if each.code in player.truth["totals"]]
    for programme in sorted(listed, key=lambda each: each.code, reverse=True):
        found = counts(desk, programme, f"{YEAR}-01-01", f"{YEAR}-12-31")
        planted = player.truth["totals"][programme.code]
        same = (
            found.persons == planted["persons"]
            and found.households == planted["households"]
            and found.person_times == planted["person_times"]
            and found.value_fen == planted["value_fen"]
            and found == recounted(desk, programme, f"{YEAR}-01-01", f"{YEAR}-12-31")
        )
        agree = agree and same
        say(f"  {programme.name} ({programme.name_en})")
        say(
            f"    {found.persons:,} persons · {found.households:,} households · "
            f"{found.person_times:,} person-times"
        )
        say(
            f"    cash {yuan(found.cash_fen)} + goods {yuan(found.goods_fen)} = "
            f"{yuan(found.value_fen)} yuan   {_same(same)}"
        )
        say(f"    {wording(found)}")
    return agree


def applied_for(player: Player, say: Say) -> bool:
    """What came of single applications, beside what was planted."""
    desk, agree = player.admin, True
    names = {each.code: each for each in listing(desk)}
    for code, planted in player.truth["applications"].items():
        found = counts(desk, names[code], f"{YEAR}-01-01", f"{YEAR}-12-31")
        have = (found.persons, found.person_times, found.value_fen)
        same = have == tuple(planted[key] for key in ("persons", "person_times", "value_fen"))
        agree = agree and same
        event = f" · {EVENTS[code][1]}" if code in EVENTS else ""
        say(f"  {names[code].name} ({names[code].name_en}){event}")
        say(
            f"    {planted['cases']:,} applications · {found.persons:,} persons · "
            f"{found.person_times:,} person-times · {yuan(found.value_fen)} yuan   {_same(same)}"
        )
        say(f"    {wording(found)}")
    return agree


def sent_on(player: Player, say: Say) -> bool:
    """What universities, other regions and the earthquake got, beside what was planted."""
    found = transfers.arrived(player.admin, f"{YEAR}-01-01", f"{YEAR}-12-31")
    names = {each.code: (each.name, each.name_en) for each in listing(player.admin)}
    auditor = society.as_person(player.admin, "sh-auditor")
    events = {each.code: each.name for each in transfers.by_disaster(auditor)}
    have = {
        f"{programme} {disaster}".strip(): {"receivers": of.receivers, "value_fen": of.value_fen}
        for (programme, disaster), of in found.items()
    }
    for (programme, disaster), of in found.items():
        name, english = names[programme]
        say(f"  {name} ({english})" + (f" · {events[disaster]}" if disaster else ""))
        same = have.get(key := f"{programme} {disaster}".strip()) == player.truth["transfers"][key]
        say(
            f"    {of.receivers:,} {'receiver' if of.receivers == 1 else 'receivers'} · cash {yuan(of.cash_fen)} + goods "
            f"{yuan(of.goods_fen)} = {yuan(of.value_fen)} yuan   {_same(same)}"
        )
        say(f"    {transfer_wording(of)}")
    return bool(have == player.truth["transfers"])


def rejected_rows(player: Player, say: Say) -> bool:
    """Rows that were refused, beside those that were planted wrong."""
    planted = found = differing = 0
    for name, truth in player.truth["files"].items():
        want = sorted({(row["row"], row["code"]) for row in truth["rejected"]})
        have = player.rejected.get(name, [])
        planted += len(want)
        found += len(have)
        differing += len(set(want) ^ set(have))
    say("")
    say(f"Rejected rows: {found:,} found, {planted:,} planted   {_same(differing == 0)}")
    return differing == 0


def record_holds(player: Player, say: Say) -> bool:
    """Checks the store's record, hands it over as a bundle, and checks the bundle with its key."""
    target = player.folder.parent / "audit-2022.zip"
    key = player.folder.parent / "public-key.pem"
    for old in (target, key):
        old.unlink(missing_ok=True)
    desk = society.as_person(player.admin, "sh-auditor")
    verdict = audit.verify_store(desk)
    manifest = audit.export(desk, target, "annual audit", "audit office")
    key.write_bytes(desk.keys.public_pem())
    bundle = audit.verify_file(target, key)
    say("")
    say(
        f"Record: {verdict.events:,} events, {verdict.rows:,} changed rows, "
        f"{manifest.counts['logs']} logs; bundle {target.name} {target.stat().st_size:,} bytes"
    )
    holds = verdict.ok and bundle.ok
    say("audit: verified" if holds else f"audit: DOES NOT HOLD {bundle.sentence}")
    return holds


def steps(player: Player, say: Say) -> None:
    """How long each kind of step took."""
    say("")
    say("Seconds by step:")
    for name, seconds in sorted(player.seconds.items(), key=lambda each: -each[1]):
        if seconds >= 0.05:
            say(f"  {name.replace('_', ' '):14} {seconds:7.1f}")


def how_to_open(player: Player, say: Say) -> None:
    """The commands that open the store as three of its people who find work to do."""
    verifying = _left_at(player, "import", "verify")
    deciding = _left_at(player, "freeze", "approve")
    say("")
    say("Open it, the clock stands at the last day played:")
    for login, who in (
        ("jd-street", "a caseworker of a street in 嘉定"),
        (f"{verifying}-verifier", "a verifier with rosters to check"),
        (f"{deciding}-approver", "an approver with frozen rosters to decide"),
        ("jd-verifier", "a verifier with applications after a fire to check, one by one"),
        ("sh-auditor", "the city's auditor"),
        ("sh-administrator", "the administrator of users and programmes"),
    ):
        say(f"  {player.command} --db {player.url} --as {login}   # {who}")


def _left_at(player: Player, done: str, missing: str) -> str:
    """The district whose last step in the open cycle is the one that is done, in small letters."""
    open_cycle = NEXT.code
    steps = [step for step in player.plan["steps"] if step.get("cycle") == open_cycle]
    beyond = {step["letters"] for step in steps if step["act"] in (missing, "return")}
    have = [
        step["letters"]
        for step in steps
        if step["act"] == done and step.get("expect", "ok") == "ok"
    ]
    return next((letters for letters in have if letters not in beyond), "sh").lower()


def _same(same: bool) -> str:
    return "as planted" if same else "NOT AS PLANTED"
