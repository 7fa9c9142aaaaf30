"""What waits on Today, in words."""

from __future__ import annotations

from rcaid.locale import N_

WORK = {
    "roster.returned": N_("Returned to fill again"),
    "roster.submit": N_("To hand in"),
    "roster.verify": N_("To verify"),
    "roster.freeze": N_("To freeze"),
    "roster.approve": N_("To approve"),
    "case.late": N_("Overdue"),
    "case.verify": N_("Cases to verify"),
    "case.answered": N_("Answered by the family"),
    "case.answer": N_("Returned to the family"),
    "case.submit": N_("Cases to submit"),
    "case.propose": N_("Cases to propose"),
    "case.approve": N_("Cases to approve"),
    "draft.mine": N_("My drafts"),
    "batch.lock": N_("Batches to lock"),
    "batch.approve": N_("Batches to approve"),
    "batch.release": N_("Batches to release"),
    "batch.reconcile": N_("Batches to reconcile"),
    "batch.close": N_("Batches to close"),
    "payment.returned": N_("Returned by the bank"),
    "import.rejected": N_("Rows that were not taken"),
    "notice.draft": N_("To put on a notice"),
    "notice.publish": N_("Notice to publish"),
    "notice.close": N_("Notice to close"),
    "objection.decide": N_("Objections to decide"),
    "duplicate.decide": N_("Possible duplicates"),
    "duplicate.merge": N_("People to merge"),
}
"""By the name of the work."""
