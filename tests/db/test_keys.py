"""The three keys: what they hide opens in its own place alone, and equality shows nothing."""

from __future__ import annotations

import base64
import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rcaid.db.keys import Keys, fingerprint_of, load_keys, make_keys, signature_holds
from rcaid.domain.errors import Broken, Unusable
from rcaid.domain.ids import SeededSource, SystemSource

KEYS = make_keys(SeededSource(1))
OTHERS = make_keys(SeededSource(2))
SALT, NONCE = bytes(range(16)), bytes(range(12))
VALUES = {"number": "310199195001010018", "phone": "13800000001"}


def test_a_sealed_row_opens_to_its_salt_and_values() -> None:
    sealed = KEYS.seal("person", "A", SALT, VALUES, NONCE)

    assert KEYS.open("person", "A", sealed) == (SALT, VALUES)
    for value in VALUES.values():
        assert value.encode() not in sealed


@pytest.mark.parametrize(("table", "row_id"), [("account", "A"), ("person", "B"), ("person", "")])
def test_a_sealed_row_opens_in_its_own_place_alone(table: str, row_id: str) -> None:
    sealed = KEYS.seal("person", "A", SALT, VALUES, NONCE)
    with pytest.raises(Broken) as caught:
        KEYS.open(table, row_id, sealed)
    assert caught.value.problems[0].code == "keys.sealed"
    assert caught.value.problems[0].params == {"table": table, "id": row_id}


def test_a_sealed_row_changed_in_any_bit_does_not_open() -> None:
    sealed = KEYS.seal("person", "A", SALT, VALUES, NONCE)
    for at in range(len(sealed)):
        changed = bytearray(sealed)
        changed[at] ^= 1 << at % 8
        with pytest.raises(Broken):
            KEYS.open("person", "A", bytes(changed))
    for length in (0, 1, 11, 12, 27, len(sealed) - 1):
        with pytest.raises(Broken):
            KEYS.open("person", "A", sealed[:length])


def test_another_society_opens_nothing() -> None:
    with pytest.raises(Broken):
        OTHERS.open("person", "A", KEYS.seal("person", "A", SALT, VALUES, NONCE))
    with pytest.raises(Broken):
        OTHERS.decrypt("cells", KEYS.encrypt("cells", b"data", NONCE))


def test_each_seal_has_a_salt_and_a_nonce_of_its_own() -> None:
    seal = KEYS.sealer("person", SystemSource())
    made = {seal("A", VALUES) for _ in range(50)}
    salts = {KEYS.open("person", "A", each)[0] for each in made}

    assert len(made) == len(salts) == len({each[:12] for each in made}) == 50


def test_bytes_that_are_no_row_open_under_their_name_alone() -> None:
    sealed = KEYS.encrypt("cells|1", b"data", NONCE)

    assert KEYS.decrypt("cells|1", sealed) == b"data"
    with pytest.raises(Broken):
        KEYS.decrypt("cells|2", sealed)
    with pytest.raises(Broken):
        KEYS.decrypt("cells|1", b"")


@given(a=st.text(st.characters(codec="utf-8")), b=st.text(st.characters(codec="utf-8")))
def test_equal_values_have_equal_hashes_and_others_do_not(a: str, b: str) -> None:
    assert (KEYS.hash64(a) == KEYS.hash64(b)) == (a == b)


def test_a_hash_is_a_signed_integer_of_64_bits_that_another_key_does_not_give() -> None:
    found = [KEYS.hash64(f"RESIDENT_ID:{n}") for n in range(2000)]

    assert all(-(2**63) <= each < 2**63 for each in found)
    assert any(each < 0 for each in found)
    assert any(each >= 0 for each in found)
    assert len(set(found)) == 2000
    assert KEYS.hash64("x") != OTHERS.hash64("x")


def test_the_salt_of_a_row_without_sealed_values_is_its_own_and_repeats() -> None:
    assert KEYS.derived_salt("staff", "A") == KEYS.derived_salt("staff", "A")
    salts = {KEYS.derived_salt("staff", "A"), KEYS.derived_salt("staff", "B"), KEYS.derived_salt("office", "A"), OTHERS.derived_salt("staff", "A")}  # fmt: skip
    assert len(salts) == 4
    assert all(len(salt) == 16 for salt in salts)


def test_a_mac_is_begun_anew_each_time() -> None:
    first, second, other = KEYS.mac(), KEYS.mac(), OTHERS.mac()
    for each in (first, second, other):
        each.update(b"plan")

    assert first.digest() == second.digest() != other.digest()
    assert len(first.digest()) == 32


def test_a_signature_holds_for_its_key_and_data_alone() -> None:
    signature = KEYS.sign(b"head")

    assert len(signature) == 64
    assert signature_holds(KEYS.public_pem(), signature, b"head")
    assert not signature_holds(KEYS.public_pem(), signature, b"heaD")
    assert not signature_holds(OTHERS.public_pem(), signature, b"head")
    for bad in (b"", signature[:63], signature[:-1] + bytes([signature[-1] ^ 1])):
        assert not signature_holds(KEYS.public_pem(), bad, b"head")
    assert not signature_holds(b"no key at all", signature, b"head")


def test_a_key_of_another_kind_signs_nothing_here() -> None:
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    other = generate_private_key(SECP256R1()).public_key()
    pem = other.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    assert not signature_holds(pem, KEYS.sign(b"head"), b"head")


def test_a_fingerprint_is_read_out_in_groups_of_four() -> None:
    groups = KEYS.fingerprint().split(" ")

    assert [len(group) for group in groups] == [4] * 8
    assert KEYS.fingerprint() == fingerprint_of(KEYS.public_pem() + b"\n")
    assert KEYS.fingerprint() != OTHERS.fingerprint()


def test_the_key_file_is_private_and_gives_the_same_keys_back(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "folder" / "society.keys"
    KEYS.save(path)
    again = load_keys(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) & 0o077 == 0
    sealed = KEYS.seal("person", "A", SALT, VALUES, NONCE)
    assert again.open("person", "A", sealed) == (SALT, VALUES)
    assert again.hash64("x") == KEYS.hash64("x")
    assert again.fingerprint() == KEYS.fingerprint()


def test_keys_are_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "society.keys"
    KEYS.save(path)
    before = path.read_bytes()
    with pytest.raises(Unusable) as caught:
        OTHERS.save(path)
    assert caught.value.problems[0].code == "keys.exists"
    assert path.read_bytes() == before


def test_a_folder_where_nothing_can_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unusable) as caught:
        KEYS.save(tmp_path / "file" / "society.keys")
    assert caught.value.problems[0].code == "file.unwritable"


def test_a_private_umask_is_not_needed(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        KEYS.save(tmp_path / "society.keys")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "society.keys").stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o660, 0o644, 0o602])
def test_a_key_file_that_others_may_open_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "society.keys"
    KEYS.save(path)
    path.chmod(mode)
    with pytest.raises(Unusable) as caught:
        load_keys(path)
    assert caught.value.problems[0].code == "keys.open"


def test_a_missing_key_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(Unusable) as caught:
        load_keys(tmp_path / "none.keys")
    assert caught.value.problems[0].code == "keys.missing"


_KEY = base64.b64encode(bytes(32)).decode()
WRONG = {
    "empty": "",
    "not JSON": "keys",
    "a list": "[]",
    "a number": "3",
    "one missing": json.dumps({"seal": _KEY, "hash": _KEY}),
    "too short": json.dumps(dict.fromkeys(("seal", "hash", "sign"), "AAAA")),
    "not base64": json.dumps(dict.fromkeys(("seal", "hash", "sign"), "é!")),
    "numbers": json.dumps(dict.fromkeys(("seal", "hash", "sign"), 7)),
    "hash too long": json.dumps({"seal": _KEY, "sign": _KEY, "hash": base64.b64encode(bytes(65)).decode()}),
    "seal of 16 bytes": json.dumps({"seal": base64.b64encode(bytes(16)).decode(), "sign": _KEY, "hash": _KEY}),
    "hash empty": json.dumps({"seal": _KEY, "sign": _KEY, "hash": ""}),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_a_file_that_holds_no_three_keys_is_unreadable(tmp_path: Path, what: str) -> None:
    path = tmp_path / "society.keys"
    path.write_text(WRONG[what], encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(Unusable) as caught:
        load_keys(path)
    assert caught.value.problems[0].code == "keys.unreadable"


def test_a_seed_gives_the_same_keys_and_chance_gives_others() -> None:
    assert make_keys(SeededSource(1)).fingerprint() == KEYS.fingerprint()
    assert make_keys(SystemSource()).fingerprint() != make_keys(SystemSource()).fingerprint()


def test_keys_do_not_show_themselves() -> None:
    assert repr(KEYS) == object.__repr__(KEYS)
    assert isinstance(KEYS, Keys)
