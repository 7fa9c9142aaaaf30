-- What moved goods, and what was frozen, only grows too.

CREATE TRIGGER stock_entry_no_update BEFORE UPDATE ON stock_entry
BEGIN
  SELECT RAISE(ABORT, 'stock_entry only grows');
END;
CREATE TRIGGER stock_entry_no_delete BEFORE DELETE ON stock_entry
BEGIN
  SELECT RAISE(ABORT, 'stock_entry only grows');
END;
CREATE TRIGGER stock_entry_no_replace BEFORE INSERT ON stock_entry
WHEN EXISTS (SELECT 1 FROM stock_entry WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'stock_entry only grows');
END;

CREATE TRIGGER snapshot_no_update BEFORE UPDATE ON snapshot
BEGIN
  SELECT RAISE(ABORT, 'snapshot only grows');
END;
CREATE TRIGGER snapshot_no_delete BEFORE DELETE ON snapshot
BEGIN
  SELECT RAISE(ABORT, 'snapshot only grows');
END;
CREATE TRIGGER snapshot_no_replace BEFORE INSERT ON snapshot
WHEN EXISTS (SELECT 1 FROM snapshot WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'snapshot only grows');
END;

CREATE TRIGGER fund_period_no_update BEFORE UPDATE ON fund_period
BEGIN
  SELECT RAISE(ABORT, 'fund_period only grows');
END;
CREATE TRIGGER fund_period_no_delete BEFORE DELETE ON fund_period
BEGIN
  SELECT RAISE(ABORT, 'fund_period only grows');
END;
CREATE TRIGGER fund_period_no_replace BEFORE INSERT ON fund_period
WHEN EXISTS (SELECT 1 FROM fund_period WHERE id = NEW.id OR month = NEW.month)
BEGIN
  SELECT RAISE(ABORT, 'fund_period only grows');
END;
