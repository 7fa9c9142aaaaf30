-- The record, the ledger and the acts on cases only grow.

CREATE FUNCTION only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% only grows', TG_TABLE_NAME;
END
$$;

CREATE TRIGGER audit_event_no_change BEFORE UPDATE OR DELETE ON audit_event
  FOR EACH ROW EXECUTE FUNCTION only_grows();
CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event
  FOR EACH STATEMENT EXECUTE FUNCTION only_grows();

CREATE TRIGGER audit_row_no_change BEFORE UPDATE OR DELETE ON audit_row
  FOR EACH ROW EXECUTE FUNCTION only_grows();
CREATE TRIGGER audit_row_no_truncate BEFORE TRUNCATE ON audit_row
  FOR EACH STATEMENT EXECUTE FUNCTION only_grows();

CREATE TRIGGER ledger_entry_no_change BEFORE UPDATE OR DELETE ON ledger_entry
  FOR EACH ROW EXECUTE FUNCTION only_grows();
CREATE TRIGGER ledger_entry_no_truncate BEFORE TRUNCATE ON ledger_entry
  FOR EACH STATEMENT EXECUTE FUNCTION only_grows();

CREATE TRIGGER case_action_no_change BEFORE UPDATE OR DELETE ON case_action
  FOR EACH ROW EXECUTE FUNCTION only_grows();
CREATE TRIGGER case_action_no_truncate BEFORE TRUNCATE ON case_action
  FOR EACH STATEMENT EXECUTE FUNCTION only_grows();

CREATE TRIGGER approval_no_change BEFORE UPDATE OR DELETE ON approval
  FOR EACH ROW EXECUTE FUNCTION only_grows();
CREATE TRIGGER approval_no_truncate BEFORE TRUNCATE ON approval
  FOR EACH STATEMENT EXECUTE FUNCTION only_grows();

CREATE TRIGGER checkpoint_no_change BEFORE UPDATE OR DELETE ON checkpoint
  FOR EACH ROW EXECUTE FUNCTION only_grows();
CREATE TRIGGER checkpoint_no_truncate BEFORE TRUNCATE ON checkpoint
  FOR EACH STATEMENT EXECUTE FUNCTION only_grows();

-- Tokens of people, folded and split in Python.
CREATE TABLE person_search (
  doc BIGINT NOT NULL PRIMARY KEY,
  tokens TSVECTOR NOT NULL
);
CREATE INDEX person_search_tokens ON person_search USING GIN (tokens) WITH (fastupdate = off);
