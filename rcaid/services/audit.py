"""The record: looked at, handed over as a bundle, and checked."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from rcaid.db import audit as rows
from rcaid.db import settings
from rcaid.db.engine import Store
from rcaid.db.keys import Keys, signature_holds
from rcaid.db.tables import RECORDED
from rcaid.domain.errors import Broken, Problem, Refused, Unusable
from rcaid.domain.record import Frontier, Head, leaf_hash, parse_checkpoint, tree_root
from rcaid.files.bundle import Manifest, Verdict, verify_bundle, write_bundle
from rcaid.files.verify import Bad, key_body
from rcaid.services.desk import Desk

MOST_NAMED = 50
_ZIP = b"PK\3\4"


@dataclass(frozen=True, slots=True)
class Logged:
    """One event as people read it."""

    number: str
    at: str
    actor: str
    act: str
    object: str
    line: str


@dataclass(slots=True)
class StoreVerdict:
    """Whether the record holds and the live rows are what it says; ``faults`` name what is not."""

    events: int = 0
    rows: int = 0
    faults: list[Problem] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Nothing was found."""
        return not self.faults


def log(
    desk: Desk,
    *,
    act: str | None = None,
    actor: str | None = None,
    object: str | None = None,
    before: str = "9999",
    limit: int = 200,
) -> list[Logged]:
    """Events of the logs this person may read, newest first; others read their own acts."""
    try:
        logs = {desk.offices.by_id[office].log for office in desk.reach("audit.log")}
    except Refused:
        logs = {office.log for office in desk.offices.all}
        actor = desk.actor.login
    found = rows.log(
        desk.store, sorted(logs), before=before, act=act, actor=actor, object=object, limit=limit
    )
    return [
        Logged(f"{log_name}-{seq}", at, who, what, about or "", line)
        for log_name, seq, at, who, what, about, line in found
    ]


def export(desk: Desk, target: Path, purpose: str, recipient: str) -> Manifest:
    """Writes the whole record as a bundle, zip or folder, with one signature over all heads.

    The export is an event of its own that carries the manifest's hash; purpose and recipient are
    needed (BR-096).
    """
    if not purpose.strip() or not recipient.strip():
        raise Refused(Problem("export.purpose"))
    city = desk.offices.all[0]
    desk.require("audit.export", city.id)
    store_id = settings.get(desk.store, "store_id")
    moment = desk.clock.moment()
    seen = desk.store.snapshot()
    try:
        manifest = write_bundle(
            target,
            origin=f"{desk.society} {store_id}",
            events=(line.encode() for _, _, line in rows.events(seen)),
            rows=rows.row_leaves(seen),
            heads=[Head(name, front.size, front.root()) for name, front in rows.heads(seen)],
            sign=desk.keys.sign,
            public_key_pem=desk.keys.public_pem(),
            about={
                "society": desk.society,
                "store": store_id,
                "made_at": moment.at,
                "purpose": purpose,
                "for": recipient,
            },
        )
    finally:
        seen.close()
    note = {"manifest": manifest.sha256, "purpose": purpose, "recipient": recipient}
    desk.write(
        "audit.export",
        city.id,
        lambda unit: rows.add_checkpoint(
            unit.store, unit.new_id(), unit.moment.at, manifest.note, manifest.signature
        ),
        object=store_id,
        note=lambda _: note,
    )
    return manifest


def verify_file(path: Path, key_file: Path | None) -> Verdict:
    """Checks a bundle; without a key everything but who signed it.

    Unusable when the key file holds no key, Broken audit.no_bundle when the file is no zip at all.
    """
    if not path.exists():
        raise Unusable(Problem("file.missing", {"file": str(path)}))
    key = _key_of(key_file) if key_file else None
    if path.is_file() and not zipfile.is_zipfile(path):
        with path.open("rb") as file:
            if file.read(len(_ZIP)) != _ZIP:
                raise Broken(Problem("audit.no_bundle", {"file": str(path)}))
    return verify_bundle(path, key)


def _key_of(place: Path) -> bytes:
    """The bytes of a public key's file."""
    try:
        pem = place.read_bytes()
        key_body(pem)
    except OSError as error:
        raise Unusable(Problem("file.missing", {"file": str(place)})) from error
    except (Bad, ValueError) as error:
        raise Unusable(Problem("audit.no_key", {"file": str(place)})) from error
    return pem


def verify_store(desk: Desk) -> StoreVerdict:
    """Checks the store's own record and holds every live row against it.

    Event lines must give the heads, rows the roots in their events, signed heads must be a
    beginning of the logs, and each live row must be what its newest entry says.
    """
    desk.reach("audit.verify")
    verdict = StoreVerdict()
    seen = desk.store.snapshot()
    try:
        _check_logs(seen, desk.keys, verdict)
        for name, table in RECORDED.items():
            with closing(rows.differences(seen, table, desk.keys)) as found:
                for kind, row_id in found:
                    verdict.faults.append(Problem(f"record.{kind}", {"noun": name, "id": row_id}))
                    if len(verdict.faults) >= MOST_NAMED:
                        return verdict
    finally:
        seen.close()
    return verdict


def _check_logs(store: Store, keys: Keys, verdict: StoreVerdict) -> None:
    """Events, roots and heads; one pass over events and rows together."""
    import msgspec

    decode = msgspec.json.Decoder(dict[str, object]).decode
    signed = _signed_heads(store, keys, verdict)
    leaves = _Leaves(rows.row_leaves(store))
    fronts: dict[str, Frontier] = {}
    for log_name, seq, line, *beside in rows.listed_events(store):
        verdict.events += 1
        front = fronts.setdefault(log_name, Frontier())
        if front.size != seq:
            verdict.faults.append(Problem("record.seq", {"event": f"{log_name}-{seq}"}))
        front.append(leaf_hash(line.encode()))
        event = _event(decode, line)
        root, n = leaves.root_of(log_name, seq)
        verdict.rows += n
        if (event.get("log"), event.get("seq"), event.get("rows"), event.get("root")) != (
            log_name,
            seq,
            n,
            root,
        ):
            verdict.faults.append(Problem("record.root", {"event": f"{log_name}-{seq}"}))
        elif [event.get(name) for name in ("at", "actor", "action", "object")] != beside:
            verdict.faults.append(Problem("record.columns", {"event": f"{log_name}-{seq}"}))
        expected = signed.get((log_name, front.size))
        if expected is not None and expected != front.root():
            verdict.faults.append(Problem("record.signed", {"event": f"{log_name}-{seq}"}))
    if leaves.left:
        verdict.faults.append(Problem("record.rows_left"))
    stored = dict(map(_head, rows.head_texts(store)))
    for name in sorted(stored.keys() | fronts.keys()):
        front = fronts.get(name, Frontier())
        if stored.get(name) != (front.size, front.root()):
            verdict.faults.append(Problem("record.head", {"log": name}))
    for (name, size), _ in signed.items():
        if size > fronts.get(name, Frontier()).size:
            verdict.faults.append(Problem("record.cut", {"log": name, "size": size}))


def _event(decode: Callable[[str], dict[str, object]], line: str) -> dict[str, object]:
    """The fields of a line; none when somebody made it something else."""
    try:
        return decode(line)
    except ValueError:
        return {}


def _head(kept: tuple[str, int, bytes]) -> tuple[str, tuple[int, bytes] | None]:
    """A log, its size and root; None when its head is not one."""
    name, size, text = kept
    try:
        front = Frontier.parse(text.decode())
    except ValueError:
        return name, None
    return name, (front.size, front.root()) if front.size == size else None


def _signed_heads(store: Store, keys: Keys, verdict: StoreVerdict) -> dict[tuple[str, int], bytes]:
    found: dict[tuple[str, int], bytes] = {}
    for at, note, signature in rows.checkpoints(store):
        if not signature_holds(keys.public_pem(), signature, note.encode()):
            verdict.faults.append(Problem("record.signature", {"at": at}))
            continue
        for head in parse_checkpoint(note).heads:
            found[head.log, head.size] = head.root
    return found


class _Leaves:
    """The stream of row leaves, taken event by event."""

    def __init__(self, source: Iterator[tuple[str, int, bytes]]) -> None:
        self._source = source
        self._next = next(source, None)

    @property
    def left(self) -> bool:
        """Whether rows are left that belong to no event."""
        return self._next is not None

    def root_of(self, log_name: str, seq: int) -> tuple[str | None, int]:
        """Root (hex) and number of the leaves of one event; None and 0 when it has none."""
        hashes = []
        upcoming = self._next
        while upcoming is not None and upcoming[0] == log_name and upcoming[1] == seq:
            hashes.append(leaf_hash(upcoming[2]))
            upcoming = next(self._source, None)
        self._next = upcoming
        return (tree_root(hashes).hex() if hashes else None), len(hashes)
