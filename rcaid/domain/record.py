"""The record: canonical lines, RFC 6962 trees over them, and the text a checkpoint signs.

Nothing here reads a store. Hashes are 32 raw bytes unless the name says hex.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple
from unicodedata import is_normalized, normalize

import msgspec

_sha256 = hashlib.sha256
_encode = msgspec.json.Encoder(order="sorted").encode
_LARGEST = 2**53 - 1
_TEXT = {str}
_CHUNK = 4096  # leaves reduced at once; a power of two, so that each chunk is a subtree
_LOG = re.compile(r"[0-9A-Za-z_.:-]{1,64}")
_HEX = re.compile(r"[0-9a-f]{64}")
EMPTY_ROOT = _sha256(b"").digest()


# --- Canonical JSON -----------------------------------------------------------------------------


def canonical(value: Mapping[str, Any]) -> bytes:
    """The one way to write a map as JSON: RFC 8785 for text, integers, null, lists and maps.

    Nulls are left out of maps, text is brought to NFC, integers beyond 2^53-1 become text.
    TypeError for a float, a boolean, a key that is not plain ASCII text or any other type.
    """
    if set(map(type, value.values())) == _TEXT and "".join(value).isascii():
        quick = _encode(value)
        if quick.isascii() or is_normalized("NFC", quick.decode()):
            return quick
    return _encode(_clean_map(value))


def _clean_map(value: Mapping[str, Any]) -> dict[str, Any]:
    if not "".join(value).isascii():
        raise TypeError("a key of the record is plain ASCII text")
    out: dict[str, Any] = {}
    for key, item in value.items():
        if item is None:
            continue
        kind = type(item)
        if kind is str:
            out[key] = item if item.isascii() else normalize("NFC", item)
        elif kind is int and -_LARGEST <= item <= _LARGEST:
            out[key] = item
        else:
            out[key] = _clean(item)
    return out


def _clean(value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, str):
        return normalize("NFC", str.__str__(value))
    if isinstance(value, int) and not isinstance(value, bool):
        number = int(value)
        return number if -_LARGEST <= number <= _LARGEST else str(number)
    if isinstance(value, Mapping):
        return _clean_map(value)
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no place in the record")


def private_hash(salt: bytes, canonical_row: bytes) -> str:
    """The hex SHA-256(salt ‖ canonical JSON) under which personal values stand in the record."""
    return _sha256(salt + canonical_row).hexdigest()


def row_leaf(
    n: int,
    noun: str,
    row_id: str,
    version: int,
    public: str | bytes | None,
    private: str | None,
) -> bytes:
    """The canonical line of one changed row, the ``n``-th (from 0) of its event.

    ``public`` is canonical JSON already, or None for a row that is gone; ``private`` is the hex of
    `private_hash`, or None where a table holds nothing personal. ``noun`` is a table's name.
    """
    hidden = "" if private is None else f'"private_hash":"{private}",'
    if public is None:
        shown = ""
    else:
        text = public if isinstance(public, str) else public.decode()
        shown = f'"public":{text},'
    plain = row_id.isascii() and row_id.isalnum()
    where = row_id if plain else _encode(_clean(row_id)).decode()[1:-1]
    line = f'{{"n":{n},"noun":"{noun}",{hidden}{shown}"row_id":"{where}","version":{version}}}'
    return line.encode()


def event_line(fields: Mapping[str, Any]) -> bytes:
    """The canonical line of one event.

    Needed: ``log`` (text), ``seq`` (from 0 in its log), ``at``, ``actor``, ``office``, ``action``
    and ``rows``, the number of changed rows; ``root`` (hex, over their leaves) exactly if there
    are any. Usual besides: ``duty``, ``object``, ``reason``; a note adds fields of its own.
    ValueError if one is missing.
    """
    for name in ("log", "seq", "at", "actor", "office", "action", "rows"):
        if fields.get(name) is None:
            raise ValueError(f"an event needs {name}")
    if (fields["rows"] > 0) != (fields.get("root") is not None):
        raise ValueError("an event has a root exactly if it has rows")
    return canonical(fields)


# --- Trees of RFC 6962 --------------------------------------------------------------------------


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 ‖ data)."""
    return _sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right)."""
    return _sha256(b"\1" + left + right).digest()


def _reduce(level: list[bytes]) -> bytes:
    while len(level) > 1:
        above = [
            _sha256(b"\1" + left + right).digest()
            for left, right in zip(level[::2], level[1::2], strict=False)
        ]
        if len(level) % 2:
            above.append(level[-1])
        level = above
    return level[0]


def new_row_leaves(
    noun: str,
    first: int,
    ids: Iterable[str],
    public: Iterable[str],
    private: Iterable[bytes] | None = None,
) -> list[bytes]:
    """Leaf hashes of new rows, numbered from ``first``: those of their `row_leaf`, version 1.

    Written out here because an import makes four for each row of its file. Ids are plain, the
    private hashes raw; ``public`` is canonical JSON.
    """
    if private is None:
        return [
            _sha256(
                f'\0{{"n":{n},"noun":"{noun}","public":{shown},"row_id":"{row_id}","version":1}}'.encode()
            ).digest()
            for n, (row_id, shown) in enumerate(zip(ids, public, strict=True), first)
        ]
    return [
        _sha256(
            f'\0{{"n":{n},"noun":"{noun}","private_hash":"{hidden.hex()}","public":{shown},'
            f'"row_id":"{row_id}","version":1}}'.encode()
        ).digest()
        for n, (row_id, shown, hidden) in enumerate(zip(ids, public, private, strict=True), first)
    ]


class Tree:
    """The root over leaf hashes that come in pieces; what is full is folded at once.

    A million leaves need the memory of a few thousand. ``roots`` are those of the full subtrees of
    4096 leaves, ``rest`` the leaf hashes after them.
    """

    __slots__ = ("rest", "roots")

    def __init__(self, roots: Iterable[bytes] = (), rest: Iterable[bytes] = ()) -> None:
        self.roots = list(roots)
        self.rest = list(rest)

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return len(self.roots) * _CHUNK + len(self.rest)

    def extend(self, leaf_hashes: Iterable[bytes]) -> None:
        """Adds leaf hashes at the end."""
        self.rest += leaf_hashes
        full = len(self.rest) // _CHUNK * _CHUNK
        for start in range(0, full, _CHUNK):
            self.roots.append(_reduce(self.rest[start : start + _CHUNK]))
        del self.rest[:full]

    def root(self) -> bytes:
        """The root of the tree so far."""
        level = [*self.roots, _reduce(self.rest)] if self.rest else self.roots
        return _reduce(level) if level else EMPTY_ROOT


def tree_root(leaf_hashes: Iterable[bytes]) -> bytes:
    """The root over leaf hashes in order."""
    source = iter(leaf_hashes)
    tree = Tree()
    while chunk := list(islice(source, _CHUNK)):
        tree.extend(chunk)
    return tree.root()


@dataclass(slots=True)
class Frontier:
    """A growing tree, kept as its size and the roots of its full subtrees, largest first."""

    size: int = 0
    hashes: list[bytes] = field(default_factory=list)

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash, in O(log n)."""
        odd = self.size
        while odd & 1:
            leaf = node_hash(self.hashes.pop(), leaf)
            odd >>= 1
        self.hashes.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The root of the tree so far."""
        if not self.hashes:
            return EMPTY_ROOT
        root = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            root = node_hash(left, root)
        return root

    def text(self) -> str:
        """Size and hashes in one line, for the store; `Frontier.parse` reads it back."""
        return f"{self.size} {b''.join(self.hashes).hex()}"

    @classmethod
    def parse(cls, text: str) -> Frontier:
        """Read what `text` wrote; ValueError if size and hashes do not belong together."""
        size, _, hexes = text.partition(" ")
        data = bytes.fromhex(hexes)
        hashes = [data[i : i + 32] for i in range(0, len(data), 32)]
        if len(data) % 32 or int(size) < 0 or int(size).bit_count() != len(hashes):
            raise ValueError("size and hashes of a frontier do not belong together")
        return cls(int(size), hashes)


def _split(size: int) -> int:
    """The largest power of two below ``size`` (at least 2)."""
    return 1 << (size - 1).bit_length() - 1


def _hashes(*candidates: bytes) -> bool:
    return all(len(candidate) == 32 for candidate in candidates)


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes that lead from leaf hash ``index`` to the root over all of ``leaves``."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    proof: list[bytes] = []
    start, size = 0, len(leaves)
    while size > 1:
        half = _split(size)
        middle = start + half
        if index < middle:
            proof.append(tree_root(leaves[middle : start + size]))
            size = half
        else:
            proof.append(tree_root(leaves[start:middle]))
            start, size = middle, size - half
    return proof[::-1]


def verify_inclusion(
    index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes
) -> bool:
    """Whether ``proof`` shows leaf hash ``leaf`` at ``index`` of the tree of ``size`` (RFC 9162)."""
    if not 0 <= index < size or not _hashes(leaf, root, *proof):
        return False
    node, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            found = node_hash(step, found)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, step)
        node, last = node >> 1, last >> 1
    return last == 0 and found == root


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> list[bytes]:
    """The hashes that show that the first ``old_size`` leaves were kept; empty for all of them."""
    if not 0 < old_size <= len(leaves):
        raise ValueError("an old size lies between 1 and the size of the tree")
    proof: list[bytes] = []
    start, size, old, whole = 0, len(leaves), old_size, True
    while old != size:
        half = _split(size)
        middle = start + half
        if old <= half:
            proof.append(tree_root(leaves[middle : start + size]))
            size = half
        else:
            proof.append(tree_root(leaves[start:middle]))
            start, size, old, whole = middle, size - half, old - half, False
    if not whole:
        proof.append(tree_root(leaves[start : start + size]))
    return proof[::-1]


def verify_consistency(
    old_size: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether ``proof`` shows that the tree of ``size`` begins with that of ``old_size``.

    An empty old tree proves nothing, so it is refused unless the new one is empty too.
    """
    if not _hashes(old_root, root, *proof):
        return False
    if old_size == size and size >= 0:
        return not proof and old_root == root
    if not 0 < old_size < size or not proof:
        return False
    steps = list(proof)
    if old_size & (old_size - 1) == 0:
        steps.insert(0, old_root)
    node, last = old_size - 1, size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old_found = found = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old_found, found = node_hash(step, old_found), node_hash(step, found)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, step)
        node, last = node >> 1, last >> 1
    return last == 0 and old_found == old_root and found == root


# --- Checkpoints --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class Head:
    """Where one log stands: its name, its number of events and the root over them."""

    log: str
    size: int
    root: bytes


class Checkpoint(NamedTuple):
    """What a note says; ``manifest`` is the hex SHA-256 of a bundle's manifest, or empty."""

    origin: str
    heads: list[Head]
    manifest: str = ""


def checkpoint_text(origin: str, heads: Iterable[Head], manifest: str = "") -> str:
    """What is signed: a line for the society and store, then ``log size root`` for each log.

    In a bundle a line ``manifest`` with the hex SHA-256 of its manifest follows. The lines are
    those of a C2SP signed note: each ends in a newline and none is empty. ``root`` is in Base64;
    logs stand in the order of their names. ValueError for what cannot stand in such a line.
    """
    ordered = sorted(heads)
    names = [head.log for head in ordered]
    if not origin.isprintable() or not origin.strip():
        raise ValueError("the origin of a checkpoint is one line of text")
    if len(set(names)) != len(names) or not all(map(_LOG.fullmatch, names)):
        raise ValueError("each log of a checkpoint has a plain name of its own")
    lines = [f"{h.log} {h.size} {b64encode(h.root).decode()}" for h in ordered]
    last = [f"manifest {manifest}"] if manifest else []
    return "\n".join([origin, *lines, *last, ""])


def parse_checkpoint(text: str) -> Checkpoint:
    """Reads a note; ValueError for anything that `checkpoint_text` would not write."""
    origin, *lines = text.split("\n")
    heads: list[Head] = []
    manifest = ""
    for line in lines[:-1]:
        fields = line.split(" ")
        if len(fields) == 2 and fields[0] == "manifest" and _HEX.fullmatch(fields[1]):
            manifest = fields[1]
            continue
        log, size, root = fields
        heads.append(Head(log, int(size), b64decode(root, validate=True)))
    if checkpoint_text(origin, heads, manifest) != text or any(len(h.root) != 32 for h in heads):
        raise ValueError("not a checkpoint as this program writes it")
    return Checkpoint(origin, heads, manifest)
