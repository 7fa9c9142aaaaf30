-- What moved goods, and what was frozen, only grows too.

CREATE TRIGGER stock_entry_no_change BEFORE UPDATE OR DELETE ON stock_entry
  FOR EACH ROW EXECUTE FUNCTION only_grows();
CREATE TRIGGER stock_entry_no_truncate BEFORE TRUNCATE ON stock_entry
  FOR EACH STATEMENT EXECUTE FUNCTION only_grows();

CREATE TRIGGER snapshot_no_change BEFORE UPDATE OR DELETE ON snapshot
  FOR EACH ROW EXECUTE FUNCTION only_grows();
CREATE TRIGGER snapshot_no_truncate BEFORE TRUNCATE ON snapshot
  FOR EACH STATEMENT EXECUTE FUNCTION only_grows();

CREATE TRIGGER fund_period_no_change BEFORE UPDATE OR DELETE ON fund_period
  FOR EACH ROW EXECUTE FUNCTION only_grows();
CREATE TRIGGER fund_period_no_truncate BEFORE TRUNCATE ON fund_period
  FOR EACH STATEMENT EXECUTE FUNCTION only_grows();
