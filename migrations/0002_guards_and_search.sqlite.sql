-- The record, the ledger and the acts on cases only grow. The guard before INSERT is for
-- INSERT OR REPLACE, which walks past the guard on DELETE. A row of the record may only come in with
-- an event that the head does not count yet.

CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event
BEGIN
  SELECT RAISE(ABORT, 'audit_event only grows');
END;
CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event
BEGIN
  SELECT RAISE(ABORT, 'audit_event only grows');
END;
CREATE TRIGGER audit_event_no_replace BEFORE INSERT ON audit_event
WHEN EXISTS (SELECT 1 FROM audit_event WHERE log = NEW.log AND seq = NEW.seq)
BEGIN
  SELECT RAISE(ABORT, 'audit_event only grows');
END;

CREATE TRIGGER audit_row_no_update BEFORE UPDATE ON audit_row
BEGIN
  SELECT RAISE(ABORT, 'audit_row only grows');
END;
CREATE TRIGGER audit_row_no_delete BEFORE DELETE ON audit_row
BEGIN
  SELECT RAISE(ABORT, 'audit_row only grows');
END;
CREATE TRIGGER audit_row_no_replace BEFORE INSERT ON audit_row
WHEN NEW.seq < (SELECT size FROM audit_head WHERE log = NEW.log)
  OR EXISTS (
    SELECT 1 FROM audit_row
    WHERE noun = NEW.noun AND row_id = NEW.row_id AND version = NEW.version
  )
BEGIN
  SELECT RAISE(ABORT, 'audit_row only grows');
END;

CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry
BEGIN
  SELECT RAISE(ABORT, 'ledger_entry only grows');
END;
CREATE TRIGGER ledger_entry_no_delete BEFORE DELETE ON ledger_entry
BEGIN
  SELECT RAISE(ABORT, 'ledger_entry only grows');
END;
CREATE TRIGGER ledger_entry_no_replace BEFORE INSERT ON ledger_entry
WHEN EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'ledger_entry only grows');
END;

CREATE TRIGGER case_action_no_update BEFORE UPDATE ON case_action
BEGIN
  SELECT RAISE(ABORT, 'case_action only grows');
END;
CREATE TRIGGER case_action_no_delete BEFORE DELETE ON case_action
BEGIN
  SELECT RAISE(ABORT, 'case_action only grows');
END;
CREATE TRIGGER case_action_no_replace BEFORE INSERT ON case_action
WHEN EXISTS (SELECT 1 FROM case_action WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'case_action only grows');
END;

CREATE TRIGGER approval_no_update BEFORE UPDATE ON approval
BEGIN
  SELECT RAISE(ABORT, 'approval only grows');
END;
CREATE TRIGGER approval_no_delete BEFORE DELETE ON approval
BEGIN
  SELECT RAISE(ABORT, 'approval only grows');
END;
CREATE TRIGGER approval_no_replace BEFORE INSERT ON approval
WHEN EXISTS (SELECT 1 FROM approval WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'approval only grows');
END;

CREATE TRIGGER checkpoint_no_update BEFORE UPDATE ON checkpoint
BEGIN
  SELECT RAISE(ABORT, 'checkpoint only grows');
END;
CREATE TRIGGER checkpoint_no_delete BEFORE DELETE ON checkpoint
BEGIN
  SELECT RAISE(ABORT, 'checkpoint only grows');
END;
CREATE TRIGGER checkpoint_no_replace BEFORE INSERT ON checkpoint
WHEN EXISTS (SELECT 1 FROM checkpoint WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'checkpoint only grows');
END;

-- Tokens of people, folded and split in Python; no text is kept beside the index.
CREATE VIRTUAL TABLE person_search USING fts5 (
  tokens, content='', contentless_delete=1, prefix='2 3', tokenize='ascii'
);
