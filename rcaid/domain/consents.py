"""What people agree to, and the texts they are read: one version of each is current."""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from typing import NamedTuple

from rcaid import data

KINDS = {
    "processing": "个人信息处理",
    "sensitive": "敏感个人信息处理",
    "publication": "公示",
    "contact": "回访联系",
    "guardian": "监护人同意",
}
"""The kinds of consent: personal data, health and money, the public notice, being asked later, and
the guardian's for a child (BR-015)."""
METHODS = ("signature", "thumbprint", "witness", "online")


class ConsentText(NamedTuple):
    """The text of a kind that is read out now, its version and its SHA-256."""

    kind: str
    version: str
    text: str
    sha256: str


@cache
def texts() -> dict[str, ConsentText]:
    """The current text of each kind."""
    raw = tomllib.loads(data.text("consents.toml"))
    return {
        kind: ConsentText(kind, said["version"], said["text"].strip(), sha256(said["text"].strip()))
        for kind, said in raw.items()
    }


def sha256(text: str) -> str:
    """The hash by which a consent says what was agreed to."""
    return hashlib.sha256(text.encode()).hexdigest()
