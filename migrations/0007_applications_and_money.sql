-- Single applications with their papers, public notices, donations and what they pay for, goods by
-- lot, batches that a red flag holds, and figures once frozen.

-- A person stands once on the rosters of a cycle, and may apply as often as causes arise.
DROP INDEX aid_case_person;
CREATE UNIQUE INDEX aid_case_person ON aid_case
  (person_id, cycle_id, (CASE lane WHEN 'B' THEN '' ELSE case_no END));

-- What an application says beside its case (lane A); id is the case's. Sums in fen. due_on counts
-- working days from complete_on, paused_on is set while the family has to answer, paused_days are
-- the working days it had for answers before. Sealed: the need
-- in words, the diagnosis, the hospital, the applicant, the household, help from elsewhere.
CREATE TABLE application (
  id TEXT NOT NULL PRIMARY KEY REFERENCES aid_case (id),
  office_id TEXT NOT NULL,
  received_on TEXT NOT NULL,
  first_entry_on TEXT NOT NULL,
  complete_on TEXT,
  due_on TEXT,
  paused_on TEXT,
  paused_days {{int}} NOT NULL DEFAULT 0,
  disease TEXT,
  stage TEXT,
  cause TEXT,
  disaster_id TEXT REFERENCES disaster (id),
  income_fen {{int}},
  cost_fen {{int}},
  out_of_pocket_fen {{int}},
  asked_fen {{int}} CHECK (asked_fen > 0),
  proposed_fen {{int}} CHECK (proposed_fen > 0),
  approved_fen {{int}} CHECK (approved_fen > 0),
  fund_id TEXT REFERENCES fund (id),
  round_id TEXT REFERENCES round (id),
  urgent {{int}} NOT NULL CHECK (urgent IN (0, 1)),
  review_due_on TEXT,
  reviewed_on TEXT,
  may_publish {{int}} CHECK (may_publish IN (0, 1)),
  resume_to TEXT,
  reason TEXT,
  rejected_on TEXT,
  appealed_on TEXT,
  follow_up {{int}} CHECK (follow_up IN (0, 1)),
  sealed {{bytes}},
  version {{int}} NOT NULL
){{end}};
CREATE INDEX application_due ON application (office_id, due_on);

CREATE TABLE case_paper (
  id TEXT NOT NULL PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES aid_case (id),
  office_id TEXT NOT NULL,
  code TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('missing', 'seen', 'copied', 'waived')),
  seen_by TEXT REFERENCES staff (id),
  seen_on TEXT,
  expires_on TEXT,
  sha256 TEXT,
  pages {{int}},
  reason TEXT,
  version {{int}} NOT NULL,
  UNIQUE (case_id, code)
){{end}};

CREATE TABLE consent (
  id TEXT NOT NULL PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES person (id),
  office_id TEXT NOT NULL,
  kind TEXT NOT NULL
    CHECK (kind IN ('processing', 'sensitive', 'publication', 'contact', 'guardian')),
  text_version TEXT NOT NULL,
  text_sha256 TEXT NOT NULL,
  given_by TEXT NOT NULL,
  method TEXT NOT NULL,
  given_on TEXT NOT NULL,
  withdrawn_on TEXT,
  version {{int}} NOT NULL
){{end}};
CREATE INDEX consent_person ON consent (person_id);

-- Who may have no part in a case, being a relative of the person (BR-045).
CREATE TABLE recusal (
  id TEXT NOT NULL PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES aid_case (id),
  office_id TEXT NOT NULL,
  staff_id TEXT NOT NULL REFERENCES staff (id),
  reason TEXT NOT NULL,
  version {{int}} NOT NULL,
  UNIQUE (case_id, staff_id)
){{end}};

ALTER TABLE case_action ADD COLUMN fen {{int}};
ALTER TABLE case_action ADD COLUMN papers TEXT;
ALTER TABLE case_action ADD COLUMN sealed {{bytes}};

-- again: the how manieth right of its case, round and kind, after others that were cancelled.
ALTER TABLE entitlement ADD COLUMN again {{int}};
DROP INDEX entitlement_case;
CREATE UNIQUE INDEX entitlement_case ON entitlement
  (case_id, round_id, kind, (COALESCE(again, 0)));

-- Money that went out and is claimed back after a case was revoked.
CREATE TABLE recovery (
  id TEXT NOT NULL PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES aid_case (id),
  office_id TEXT NOT NULL,
  fund_id TEXT NOT NULL REFERENCES fund (id),
  fen {{int}} NOT NULL CHECK (fen > 0),
  back_fen {{int}} NOT NULL CHECK (back_fen >= 0),
  lost_fen {{int}} NOT NULL CHECK (lost_fen >= 0),
  state TEXT NOT NULL CHECK (state IN ('open', 'closed')),
  version {{int}} NOT NULL,
  CHECK (back_fen + lost_fen <= fen)
){{end}};
CREATE INDEX recovery_case ON recovery (case_id);

CREATE TABLE notice (
  id TEXT NOT NULL PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  office_id TEXT NOT NULL,
  cycle_id TEXT NOT NULL REFERENCES cycle (id),
  state TEXT NOT NULL,
  days {{int}} NOT NULL CHECK (days >= 0),
  unit TEXT NOT NULL,
  starts_on TEXT,
  ends_on TEXT,
  phone TEXT NOT NULL,
  content TEXT,
  sha256 TEXT,
  corrects TEXT,
  why TEXT,
  version {{int}} NOT NULL
){{end}};
CREATE INDEX notice_office ON notice (office_id, number);

-- ends_on: the last day of this line where it is another than that of the notice.
CREATE TABLE notice_line (
  id TEXT NOT NULL PRIMARY KEY,
  notice_id TEXT NOT NULL REFERENCES notice (id),
  case_id TEXT NOT NULL REFERENCES aid_case (id),
  n {{int}} NOT NULL,
  shown TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('listed', 'objected', 'struck')),
  ends_on TEXT,
  version {{int}} NOT NULL,
  UNIQUE (notice_id, n)
){{end}};
CREATE INDEX notice_line_case ON notice_line (case_id);

-- Sealed: what is said and by whom.
CREATE TABLE objection (
  id TEXT NOT NULL PRIMARY KEY,
  notice_id TEXT NOT NULL REFERENCES notice (id),
  case_id TEXT NOT NULL REFERENCES aid_case (id),
  office_id TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'dismissed', 'upheld')),
  received_on TEXT NOT NULL,
  taken_by TEXT NOT NULL REFERENCES staff (id),
  decided_by TEXT REFERENCES staff (id),
  decided_on TEXT,
  reason TEXT,
  sealed {{bytes}},
  version {{int}} NOT NULL,
  CHECK (decided_by IS NULL OR decided_by <> taken_by)
){{end}};
CREATE INDEX objection_case ON objection (case_id);
CREATE INDEX objection_notice ON objection (notice_id);

-- A fund is for its programme; restriction narrows it further to what scope names (BR-072). A
-- programme's own fund has none.
ALTER TABLE fund ADD COLUMN restriction TEXT
  CHECK (restriction IN ('campaign', 'programme', 'region', 'institution', 'person'));
ALTER TABLE fund ADD COLUMN scope TEXT;
ALTER TABLE fund ADD COLUMN closed_on TEXT;
CREATE INDEX fund_programme ON fund (programme_id);
ALTER TABLE institution ADD COLUMN uscc TEXT;

CREATE TABLE donor (
  id TEXT NOT NULL PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('person', 'organisation', 'anonymous')),
  office_id TEXT NOT NULL,
  name TEXT,
  uscc TEXT,
  publish {{int}} NOT NULL CHECK (publish IN (0, 1)),
  sealed {{bytes}},
  version {{int}} NOT NULL
){{end}};

CREATE TABLE donation (
  id TEXT NOT NULL PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  office_id TEXT NOT NULL,
  donor_id TEXT NOT NULL REFERENCES donor (id),
  fund_id TEXT NOT NULL REFERENCES fund (id),
  state TEXT NOT NULL,
  channel TEXT NOT NULL,
  campaign TEXT,
  pledged_fen {{int}} NOT NULL CHECK (pledged_fen >= 0),
  fen {{int}} NOT NULL CHECK (fen >= 0),
  pledged_on TEXT,
  received_on TEXT,
  earmark TEXT,
  reference TEXT,
  receipt_no TEXT UNIQUE,
  version {{int}} NOT NULL
){{end}};
CREATE INDEX donation_fund ON donation (fund_id, received_on);
CREATE INDEX donation_donor ON donation (donor_id);

-- Who may not be helped out of what a donor gave (BR-090): the donor, and whoever belongs to them.
CREATE TABLE donor_party (
  id TEXT NOT NULL PRIMARY KEY,
  donor_id TEXT NOT NULL REFERENCES donor (id),
  office_id TEXT NOT NULL,
  relation TEXT NOT NULL,
  name TEXT,
  hash {{int}},
  uscc TEXT,
  version {{int}} NOT NULL
){{end}};
CREATE INDEX donor_party_donor ON donor_party (donor_id);
CREATE INDEX donor_party_hash ON donor_party (hash);
CREATE INDEX donor_party_name ON donor_party (name);
CREATE INDEX donor_party_uscc ON donor_party (uscc);

-- An official receipt: its number is typed in. One that is void stays, the next names it.
CREATE TABLE donation_receipt (
  id TEXT NOT NULL PRIMARY KEY,
  donation_id TEXT NOT NULL REFERENCES donation (id),
  office_id TEXT NOT NULL,
  number TEXT NOT NULL UNIQUE,
  code TEXT,
  checked TEXT,
  issued_on TEXT NOT NULL,
  fen {{int}} CHECK (fen > 0),
  state TEXT NOT NULL CHECK (state IN ('issued', 'void')),
  replaces TEXT,
  version {{int}} NOT NULL
){{end}};
CREATE INDEX donation_receipt_donation ON donation_receipt (donation_id);

-- Money that goes from one fund to another: within its purpose (transfer), or to another purpose
-- that the donor or the city has agreed to (earmark).
CREATE TABLE fund_move (
  id TEXT NOT NULL PRIMARY KEY,
  office_id TEXT NOT NULL,
  from_id TEXT NOT NULL REFERENCES fund (id),
  to_id TEXT NOT NULL REFERENCES fund (id),
  kind TEXT NOT NULL CHECK (kind IN ('transfer', 'earmark')),
  fen {{int}} NOT NULL CHECK (fen > 0),
  day TEXT NOT NULL,
  paper TEXT,
  key TEXT NOT NULL UNIQUE,
  version {{int}} NOT NULL,
  CHECK (from_id <> to_id)
){{end}};
CREATE INDEX fund_move_to ON fund_move (to_id);

CREATE TABLE donation_line (
  id TEXT NOT NULL PRIMARY KEY,
  donation_id TEXT NOT NULL REFERENCES donation (id),
  lot_id TEXT NOT NULL REFERENCES lot (id),
  qty {{int}} NOT NULL CHECK (qty > 0),
  value_fen {{int}},
  version {{int}} NOT NULL
){{end}};
CREATE INDEX donation_line_donation ON donation_line (donation_id);

-- A month of the books; after its close nothing is posted on its days (I12).
CREATE TABLE fund_period (
  id TEXT NOT NULL PRIMARY KEY,
  month TEXT NOT NULL UNIQUE,
  office_id TEXT NOT NULL,
  closed_by TEXT NOT NULL REFERENCES staff (id),
  closed_on TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  version {{int}} NOT NULL
){{end}};

ALTER TABLE ledger_entry ADD COLUMN case_id TEXT;
CREATE INDEX ledger_entry_case ON ledger_entry (case_id) WHERE case_id IS NOT NULL;
ALTER TABLE ledger_entry ADD COLUMN donation_id TEXT;

ALTER TABLE lot ADD COLUMN source TEXT;
ALTER TABLE lot ADD COLUMN evidence TEXT;
ALTER TABLE lot ADD COLUMN expires_on TEXT;
ALTER TABLE lot ADD COLUMN counted {{int}} CHECK (counted IN (0, 1));

-- Goods in units, moved between accounts of a lot as money is between those of a fund; only lots
-- that were counted in (lot.counted) have entries.
CREATE TABLE stock_entry (
  id TEXT NOT NULL PRIMARY KEY,
  day TEXT NOT NULL,
  kind TEXT NOT NULL,
  debit TEXT NOT NULL,
  credit TEXT NOT NULL,
  lot_id TEXT NOT NULL REFERENCES lot (id),
  qty {{int}} NOT NULL CHECK (qty > 0),
  office_id TEXT NOT NULL,
  batch_id TEXT,
  disbursement_id TEXT,
  transfer_id TEXT,
  donation_id TEXT,
  reverses TEXT,
  idem TEXT NOT NULL UNIQUE,
  version {{int}} NOT NULL,
  CHECK (debit <> credit)
){{end}};
CREATE INDEX stock_entry_lot ON stock_entry (lot_id);

CREATE TABLE stock (
  lot_id TEXT NOT NULL,
  account TEXT NOT NULL,
  qty {{int}} NOT NULL CHECK (qty >= 0 OR account = 'external'),
  PRIMARY KEY (lot_id, account)
){{end}};

-- channel: bank, cash or event; template: of the bank file; place and held_on: where and when goods
-- or cash are handed out; staff_one and staff_two: who handed out together (BR-068).
ALTER TABLE batch ADD COLUMN channel TEXT CHECK (channel IN ('bank', 'cash', 'event'));
ALTER TABLE batch ADD COLUMN template TEXT;
ALTER TABLE batch ADD COLUMN place TEXT;
ALTER TABLE batch ADD COLUMN held_on TEXT;
ALTER TABLE batch ADD COLUMN staff_one TEXT;
ALTER TABLE batch ADD COLUMN staff_two TEXT;
ALTER TABLE batch ADD COLUMN explained_by TEXT;
ALTER TABLE batch ADD COLUMN explanation TEXT;
ALTER TABLE batch ADD COLUMN statement_fen {{int}};
ALTER TABLE batch ADD COLUMN vouchers {{int}};

-- Something odd about a batch: it is not released until somebody else has looked (R-14).
CREATE TABLE batch_flag (
  id TEXT NOT NULL PRIMARY KEY,
  batch_id TEXT NOT NULL REFERENCES batch (id),
  office_id TEXT NOT NULL,
  code TEXT NOT NULL,
  object TEXT NOT NULL,
  n {{int}} NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'cleared')),
  cleared_by TEXT REFERENCES staff (id),
  reason TEXT,
  version {{int}} NOT NULL,
  UNIQUE (batch_id, code, object)
){{end}};

-- A report as it was frozen: content is its canonical JSON, byte for byte.
CREATE TABLE snapshot (
  id TEXT NOT NULL PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  office_id TEXT NOT NULL,
  report TEXT NOT NULL,
  params TEXT NOT NULL,
  as_of TEXT NOT NULL,
  content TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  made_by TEXT NOT NULL REFERENCES staff (id),
  made_at TEXT NOT NULL,
  note TEXT,
  version {{int}} NOT NULL
){{end}};

CREATE TABLE follow_up (
  id TEXT NOT NULL PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES aid_case (id),
  office_id TEXT NOT NULL,
  due_on TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('due', 'done', 'waived')),
  method TEXT,
  done_on TEXT,
  done_by TEXT REFERENCES staff (id),
  received {{int}} CHECK (received IN (0, 1)),
  matched {{int}} CHECK (matched IN (0, 1)),
  sealed {{bytes}},
  version {{int}} NOT NULL
){{end}};
CREATE INDEX follow_up_case ON follow_up (case_id);
