"""Taking back a file of applications: drafts nobody acted on go, and who came with them alone."""

from __future__ import annotations

from collections.abc import Mapping

from rcaid.db import applications, cases, undoing
from rcaid.db.rosters import maker_rows
from rcaid.db.tables import AID_CASE, APPLICATION, CASE_PAPER, CONSENT, MAKER, Account, AidCase
from rcaid.services.importing.undo_people import PeopleUndo


class ApplicationUndo(PeopleUndo):
    """The undo of one import of applications, inside its unit."""

    def run(self) -> None:
        """Drafts with their papers first, then people as a file of people is taken back."""
        with undoing.indexed(self._store):
            self._requests()
            made = cases.many(self._store, self._touched.get("aid_case", {}))
            free = self._free_drafts(made)
            self._drafts(free)
            self._consents({case.person_id for case in made.values()} - _kept(made, free))
            self._people(made)
            self._restore()
            self._guardians()
            self._given_keys()
            self._households()

    def _with(self, accounts: list[Account], gone: set[str]) -> list[Account]:
        """Accounts came for the drafts: those that nothing uses any more go with them."""
        return accounts

    def _free_drafts(self, made: Mapping[str, AidCase]) -> list[AidCase]:
        free = []
        for case in sorted(made.values(), key=lambda each: each.case_no):
            acted = cases.actions(self._store, case.id)
            if case.state != "draft" or case.version != 1 or acted:
                self._keep("undo.acted", "case", case.case_no)
            else:
                free.append(case)
        return free

    def _drafts(self, free: list[AidCase]) -> None:
        ids = [case.id for case in free]
        self._remove(CASE_PAPER, applications.papers(self._store, ids))
        self._remove(APPLICATION, [each.said for each in applications.of_cases(self._store, ids)])
        self._remove(MAKER, maker_rows(self._store, ids))
        self._remove(AID_CASE, free)
        for case in free:
            flow = (case.office_id, case.cycle_id, "case", case.category or "", "draft")
            self._unit.flow(*flow, -1, -(case.fen or 0))
        self._done.fen = sum(case.fen or 0 for case in free)

    def _consents(self, people: set[str]) -> None:
        """Consents that came with the drafts and still stand as they were given."""
        left = self._touched.get("consent", {})
        found = [c for person in sorted(people) for c in applications.consents(self._store, person)]
        self._remove(CONSENT, [c for c in found if left.get(c.id) == c.version])


def _kept(made: Mapping[str, AidCase], free: list[AidCase]) -> set[str]:
    """The people of whom something is kept."""
    gone = {case.id for case in free}
    return {case.person_id for case in made.values() if case.id not in gone}
