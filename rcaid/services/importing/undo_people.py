"""Taking back a file of people or of updates: who came goes, what changed is as it was before."""

from __future__ import annotations

from rcaid.db import changes, people, undoing
from rcaid.db.tables import CHANGE_REQUEST, RELATION, Account
from rcaid.services.importing.undo import RosterUndo

KEY = "key"
"""Noun of an `import_change` that is a key the import gave to somebody who was there before."""


def key_row(kind: int, hash_: int, n: int, owner: str) -> str:
    """How such a key is named."""
    return f"{kind}|{hash_}|{n}|{owner}"


class PeopleUndo(RosterUndo):
    """The undo of one import of people or updates, inside its unit."""

    def run(self) -> None:
        """What was asked for first, then people nothing names, then what changed."""
        with undoing.indexed(self._store):
            self._requests()
            self._people({})
            self._restore()
            self._guardians()
            self._given_keys()
            self._households()

    def _requests(self) -> None:
        """Changes that still wait are taken back; what somebody decided stands."""
        found = changes.many(self._store, self._touched.get("change_request", {}))
        for each in found:
            if each.state != "pending":
                self._keep("undo.decided", "change", each.field)
        self._remove(CHANGE_REQUEST, [each for each in found if each.state == "pending"])

    def _with(self, accounts: list[Account], gone: set[str]) -> list[Account]:
        """Who stays keeps the account that came with them."""
        return [each for each in accounts if each.person_id in gone]

    def _guardians(self) -> None:
        """Guardians that known people got go again."""
        brought = {id for id, version in self._touched.get("person", {}).items() if version == 1}
        found = people.relations_by_id(self._store, self._touched.get("relation", {}))
        self._remove(
            RELATION,
            [each for each in found if each.person_id not in brought and each.version == 1],
        )

    def _given_keys(self) -> None:
        """Keys that people and households on file got go, but for who was changed since."""
        gone = []
        for noun, row_id, _ in undoing.before(self._store, self._done.batch.id):
            if noun == KEY:
                kind, hash_, n, owner = row_id.split("|")
                if owner not in self.acted_on:
                    gone.append((int(kind), int(hash_), int(n)))
        self._store.delete_many("person_key", ("kind", "hash", "n"), gone)
