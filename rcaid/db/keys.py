"""The three keys of a society, and the only code that uses them.

``seal`` hides values in a row, ``hash`` finds equal values without showing them, ``sign`` signs
the heads of the record. They lie in one file of their own, 0600, outside the store's folder.
Losing the file loses the sealed values and nothing else.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable, Iterable, Mapping
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Any

import msgspec
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from rcaid.domain.errors import Broken, Problem, Unusable
from rcaid.domain.ids import Source
from rcaid.domain.record import canonical

SALT = 16
_NONCE = 12
_SIZE = 32
_NAMES = ("seal", "hash", "sign")
_decode = msgspec.json.Decoder(dict[str, Any]).decode


class Keys:
    """The keys at work. ``seal`` and ``hash`` are 32 bytes, ``sign`` the 32 of an Ed25519 key."""

    def __init__(self, seal: bytes, hash_: bytes, sign: bytes) -> None:
        self._raw = {"seal": seal, "hash": hash_, "sign": sign}
        self._cipher = AESGCM(seal)
        self._base = blake2b(key=hash_, digest_size=8)
        self._signer = Ed25519PrivateKey.from_private_bytes(sign)

    # --- sealed values

    def seal(self, table: str, row_id: str, salt: bytes, values: Mapping[str, Any], nonce: bytes) -> bytes:  # fmt: skip
        """Hides a row's values and its salt; they open only in the same row of the same table."""
        where = f"{table}|{row_id}".encode()
        return nonce + self._cipher.encrypt(nonce, salt + canonical(values), where)

    def seal_many(
        self, table: str, ids: Iterable[str], salts: Iterable[bytes], nonces: Iterable[bytes],
        values: Iterable[bytes],
    ) -> list[bytes]:  # fmt: skip
        """`seal` for many rows, whose values are canonical JSON already."""
        encrypt = self._cipher.encrypt
        return [
            nonce + encrypt(nonce, salt + text, f"{table}|{row_id}".encode())
            for row_id, salt, nonce, text in zip(ids, salts, nonces, values, strict=True)
        ]

    def open(self, table: str, row_id: str, sealed: bytes) -> tuple[bytes, dict[str, Any]]:
        """The salt and the values of a sealed row. Raises Broken if it was changed or moved."""
        try:
            plain = self._cipher.decrypt(
                sealed[:_NONCE], sealed[_NONCE:], f"{table}|{row_id}".encode()
            )
        except (InvalidTag, ValueError) as error:
            raise Broken(Problem("keys.sealed", {"table": table, "id": row_id})) from error
        return plain[:SALT], _decode(plain[SALT:])

    def sealer(self, table: str, source: Source) -> Callable[[str, Mapping[str, Any]], bytes]:
        """A function that seals one row of a table, with a salt and nonce of its own."""

        def one_row(row_id: str, values: Mapping[str, Any]) -> bytes:
            chance = source.chance(SALT + _NONCE)
            return self.seal(table, row_id, chance[:SALT], values, chance[SALT:])

        return one_row

    def encrypt(self, what: str, data: bytes, nonce: bytes) -> bytes:
        """Hides bytes that are no row, such as a plan's rejected cells."""
        return nonce + self._cipher.encrypt(nonce, data, what.encode())

    def decrypt(self, what: str, sealed: bytes) -> bytes:
        """What `encrypt` hid. Raises Broken if it was changed."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], what.encode())
        except (InvalidTag, ValueError) as error:
            raise Broken(Problem("keys.sealed", {"table": what, "id": ""})) from error

    # --- equality

    def hash64(self, value: str) -> int:
        """64 bits as a signed integer: equal for equal values, useless without the key."""
        made = self._base.copy()
        made.update(value.encode())
        return int.from_bytes(made.digest(), "big", signed=True)

    def derived_salt(self, table: str, row_id: str) -> bytes:
        """The salt of a row that holds nothing sealed, such as a colleague's name."""
        key = self._raw["hash"]
        return blake2b(f"{table}|{row_id}".encode(), key=key, digest_size=SALT).digest()

    def mac(self) -> Any:
        """A fresh keyed BLAKE2b over which a plan file is proved; 32 bytes."""
        return blake2b(key=self._raw["hash"], digest_size=32)

    # --- signatures

    def sign(self, data: bytes) -> bytes:
        """An Ed25519 signature, 64 bytes."""
        return self._signer.sign(data)

    def public_pem(self) -> bytes:
        """The public half of the signing key."""
        return self._signer.public_key().public_bytes(
            Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
        )

    def fingerprint(self) -> str:
        """The SHA-256 of the public key, as people compare it."""
        return fingerprint_of(self.public_pem())

    def save(self, path: Path) -> None:
        """Writes the key file, 0600. Unusable where one is already or nothing can be written."""
        text = json.dumps({k: base64.b64encode(v).decode() for k, v in self._raw.items()}, indent=1)
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(text + "\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            if isinstance(error, FileExistsError) and path.exists():
                raise Unusable(Problem("keys.exists", {"place": str(path)})) from error
            params = {"file": str(path), "reason": error.strerror or str(error)}
            raise Unusable(Problem("file.unwritable", params)) from error


def make_keys(source: Source) -> Keys:
    """Three new keys."""
    source.step("keys")
    return Keys(source.chance(32), source.chance(32), source.chance(32))


def load_keys(path: Path) -> Keys:
    """Reads a key file. Raises Unusable when it is missing, open to others or not a key file."""
    try:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise Unusable(Problem("keys.open", {"place": str(path)}))
        stored = json.loads(path.read_text(encoding="ascii"))
        seal, hash_, sign = (base64.b64decode(stored[name]) for name in _NAMES)
        if any(len(key) != _SIZE for key in (seal, hash_, sign)):
            raise ValueError("a key of another size")
        return Keys(seal, hash_, sign)
    except FileNotFoundError as error:
        raise Unusable(Problem("keys.missing", {"place": str(path)})) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unusable(Problem("keys.unreadable", {"place": str(path)})) from error


def fingerprint_of(public_pem: bytes) -> str:
    """The SHA-256 of a public key in PEM, in groups of four as people read them out."""
    hexes = sha256(public_pem.strip()).hexdigest()[:32].upper()
    return " ".join(hexes[i : i + 4] for i in range(0, 32, 4))


def signature_holds(public_pem: bytes, signature: bytes, data: bytes) -> bool:
    """Whether an Ed25519 signature is the one of this key over this data."""
    try:
        key = load_pem_public_key(public_pem)
        if not isinstance(key, Ed25519PublicKey):
            return False
        key.verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True
