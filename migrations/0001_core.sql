-- The tables of model.md, in the order in which they refer to each other.
-- {{int}} {{bytes}} are the engine's integer and binary types; {{end}} closes a table,
-- {{clustered}} closes one that is stored in the order of its primary key.

CREATE TABLE setting (
  key TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
){{end}};

CREATE TABLE region (
  code TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  level TEXT NOT NULL CHECK (level IN ('city', 'district', 'street')),
  parent TEXT,
  kind TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_to TEXT,
  successor TEXT
){{end}};

CREATE TABLE office (
  id TEXT NOT NULL PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  level TEXT NOT NULL CHECK (level IN ('city', 'district', 'street', 'institution')),
  letters TEXT NOT NULL,
  parent_id TEXT REFERENCES office (id),
  log TEXT NOT NULL,
  pseudo {{int}} NOT NULL,
  valid_from TEXT NOT NULL,
  valid_to TEXT,
  version {{int}} NOT NULL
){{end}};

CREATE TABLE staff (
  id TEXT NOT NULL PRIMARY KEY,
  login TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  os_user TEXT,
  active {{int}} NOT NULL CHECK (active IN (0, 1)),
  version {{int}} NOT NULL
){{end}};

CREATE TABLE duty_grant (
  id TEXT NOT NULL PRIMARY KEY,
  staff_id TEXT NOT NULL REFERENCES staff (id),
  duty TEXT NOT NULL,
  office_id TEXT NOT NULL REFERENCES office (id),
  valid_from TEXT NOT NULL,
  valid_to TEXT,
  granted_by TEXT,
  version {{int}} NOT NULL
){{end}};
CREATE INDEX duty_grant_staff ON duty_grant (staff_id);

CREATE TABLE ssh_key (
  id TEXT NOT NULL PRIMARY KEY,
  staff_id TEXT NOT NULL REFERENCES staff (id),
  kind TEXT NOT NULL,
  public_key TEXT NOT NULL,
  fingerprint TEXT NOT NULL UNIQUE,
  revoked_on TEXT,
  version {{int}} NOT NULL
){{end}};

CREATE TABLE programme (
  id TEXT NOT NULL PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  name_en TEXT NOT NULL,
  version {{int}} NOT NULL
){{end}};

CREATE TABLE programme_version (
  id TEXT NOT NULL PRIMARY KEY,
  programme_id TEXT NOT NULL REFERENCES programme (id),
  number {{int}} NOT NULL,
  effective_from TEXT NOT NULL,
  effective_to TEXT,
  rules TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  citation TEXT NOT NULL,
  version {{int}} NOT NULL,
  UNIQUE (programme_id, number)
){{end}};

CREATE TABLE cycle (
  id TEXT NOT NULL PRIMARY KEY,
  programme_id TEXT NOT NULL REFERENCES programme (id),
  code TEXT NOT NULL UNIQUE,
  label TEXT NOT NULL,
  state TEXT NOT NULL,
  opens_on TEXT NOT NULL,
  closes_on TEXT,
  version {{int}} NOT NULL
){{end}};

CREATE TABLE round (
  id TEXT NOT NULL PRIMARY KEY,
  cycle_id TEXT NOT NULL REFERENCES cycle (id),
  number {{int}} NOT NULL,
  label TEXT NOT NULL,
  version {{int}} NOT NULL,
  UNIQUE (cycle_id, number)
){{end}};

CREATE TABLE quota (
  id TEXT NOT NULL PRIMARY KEY,
  cycle_id TEXT NOT NULL REFERENCES cycle (id),
  office_id TEXT NOT NULL REFERENCES office (id),
  category TEXT NOT NULL,
  allotted {{int}} NOT NULL CHECK (allotted >= 0),
  version {{int}} NOT NULL,
  UNIQUE (cycle_id, office_id, category)
){{end}};

CREATE TABLE household (
  id TEXT NOT NULL PRIMARY KEY,
  office_id TEXT NOT NULL,
  version {{int}} NOT NULL
){{clustered}};

CREATE TABLE person (
  id TEXT NOT NULL PRIMARY KEY,
  doc {{int}} NOT NULL,
  office_id TEXT NOT NULL,
  household_id TEXT NOT NULL REFERENCES household (id),
  state TEXT NOT NULL CHECK (state IN ('live', 'deceased', 'merged', 'erased')),
  name TEXT,
  sex TEXT,
  born TEXT,
  id_kind TEXT,
  died_on TEXT,
  merged_into TEXT,
  sealed {{bytes}},
  version {{int}} NOT NULL
){{clustered}};
CREATE UNIQUE INDEX person_doc ON person (doc);

-- kind 1 identity number, 2 phone, 3 head of a household; n tells apart equal hashes (0 and up),
-- for a phone, which people share, n is the person's document number. owner_id is the person's id,
-- for a head the household's.
CREATE TABLE person_key (
  kind {{int}} NOT NULL,
  hash {{int}} NOT NULL,
  n {{int}} NOT NULL,
  owner_id TEXT NOT NULL,
  PRIMARY KEY (kind, hash, n)
){{clustered}};

CREATE TABLE relation (
  id TEXT NOT NULL PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES person (id),
  kind TEXT NOT NULL,
  office_id TEXT NOT NULL,
  other_id TEXT,
  sealed {{bytes}},
  version {{int}} NOT NULL
){{clustered}};
CREATE INDEX relation_person ON relation (person_id);

CREATE TABLE account (
  id TEXT NOT NULL PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES person (id),
  office_id TEXT NOT NULL,
  hash {{int}} NOT NULL,
  bank TEXT,
  sealed {{bytes}},
  version {{int}} NOT NULL
){{clustered}};
CREATE INDEX account_hash ON account (hash);

CREATE TABLE item (
  id TEXT NOT NULL PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  unit TEXT NOT NULL,
  category TEXT NOT NULL,
  version {{int}} NOT NULL
){{end}};

CREATE TABLE lot (
  id TEXT NOT NULL PRIMARY KEY,
  item_id TEXT NOT NULL REFERENCES item (id),
  code TEXT NOT NULL UNIQUE,
  unit_value_fen {{int}},
  basis {{int}} NOT NULL CHECK (basis BETWEEN 1 AND 4),
  received_on TEXT NOT NULL,
  version {{int}} NOT NULL
){{end}};

CREATE TABLE roster (
  id TEXT NOT NULL PRIMARY KEY,
  cycle_id TEXT NOT NULL REFERENCES cycle (id),
  office_id TEXT NOT NULL REFERENCES office (id),
  number TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL,
  supplements TEXT,
  rounds TEXT,
  lines {{int}} NOT NULL,
  frozen_hash TEXT,
  opened_on TEXT NOT NULL,
  version {{int}} NOT NULL
){{end}};
CREATE INDEX roster_cycle ON roster (cycle_id, office_id);

CREATE TABLE aid_case (
  id TEXT NOT NULL PRIMARY KEY,
  case_no TEXT NOT NULL,
  lane TEXT NOT NULL CHECK (lane IN ('A', 'B')),
  cycle_id TEXT NOT NULL REFERENCES cycle (id),
  roster_id TEXT REFERENCES roster (id),
  office_id TEXT NOT NULL,
  person_id TEXT NOT NULL REFERENCES person (id),
  household_id TEXT NOT NULL,
  category TEXT,
  hardship TEXT,
  hardship_until TEXT,
  fen {{int}} CHECK (fen > 0),
  item_id TEXT REFERENCES item (id),
  qty {{int}} CHECK (qty > 0),
  account_id TEXT REFERENCES account (id),
  state TEXT NOT NULL,
  line_hash TEXT,
  sealed {{bytes}},
  version {{int}} NOT NULL
){{clustered}};
CREATE UNIQUE INDEX aid_case_no ON aid_case (case_no);
CREATE UNIQUE INDEX aid_case_person ON aid_case (person_id, cycle_id);
CREATE INDEX aid_case_roster ON aid_case (roster_id, case_no);
CREATE INDEX aid_case_office ON aid_case (office_id, case_no);

CREATE TABLE case_action (
  id TEXT NOT NULL PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES aid_case (id),
  office_id TEXT NOT NULL,
  staff_id TEXT NOT NULL,
  duty TEXT NOT NULL,
  action TEXT NOT NULL,
  source TEXT NOT NULL,
  target TEXT NOT NULL,
  at TEXT NOT NULL,
  reason TEXT,
  version {{int}} NOT NULL
){{end}};
CREATE INDEX case_action_case ON case_action (case_id);

CREATE TABLE maker (
  id TEXT NOT NULL PRIMARY KEY,
  noun TEXT NOT NULL,
  object_id TEXT NOT NULL,
  staff_id TEXT NOT NULL REFERENCES staff (id),
  act TEXT NOT NULL,
  version {{int}} NOT NULL,
  UNIQUE (object_id, staff_id, act)
){{end}};

CREATE TABLE approval (
  id TEXT NOT NULL PRIMARY KEY,
  noun TEXT NOT NULL,
  object_id TEXT NOT NULL,
  step TEXT NOT NULL,
  maker_id TEXT NOT NULL REFERENCES staff (id),
  checker_id TEXT NOT NULL REFERENCES staff (id),
  hash TEXT NOT NULL,
  version {{int}} NOT NULL,
  CHECK (maker_id <> checker_id)
){{end}};
CREATE INDEX approval_object ON approval (object_id);

CREATE TABLE fund (
  id TEXT NOT NULL PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  programme_id TEXT NOT NULL REFERENCES programme (id),
  office_id TEXT NOT NULL,
  version {{int}} NOT NULL
){{end}};

CREATE TABLE entitlement (
  id TEXT NOT NULL PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES aid_case (id),
  round_id TEXT NOT NULL REFERENCES round (id),
  kind TEXT NOT NULL CHECK (kind IN ('money', 'goods')),
  office_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  fund_id TEXT NOT NULL REFERENCES fund (id),
  fen {{int}} CHECK (fen > 0),
  item_id TEXT REFERENCES item (id),
  qty {{int}} CHECK (qty > 0),
  account_id TEXT REFERENCES account (id),
  state TEXT NOT NULL,
  resume_to TEXT,
  version {{int}} NOT NULL,
  CHECK ((kind = 'money') = (fen IS NOT NULL)),
  CHECK ((kind = 'goods') = (qty IS NOT NULL))
){{clustered}};
CREATE UNIQUE INDEX entitlement_case ON entitlement (case_id, round_id, kind);
CREATE INDEX entitlement_round ON entitlement (round_id, kind, office_id);

CREATE TABLE batch (
  id TEXT NOT NULL PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  round_id TEXT NOT NULL REFERENCES round (id),
  office_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('money', 'goods')),
  lot_id TEXT REFERENCES lot (id),
  state TEXT NOT NULL,
  lines {{int}} NOT NULL,
  fen {{int}} NOT NULL,
  qty {{int}} NOT NULL,
  left_out {{int}} NOT NULL,
  file_sha256 TEXT,
  released_on TEXT,
  note TEXT,
  version {{int}} NOT NULL
){{end}};

CREATE TABLE disbursement (
  id TEXT NOT NULL PRIMARY KEY,
  batch_id TEXT NOT NULL REFERENCES batch (id),
  entitlement_id TEXT NOT NULL REFERENCES entitlement (id),
  voucher TEXT NOT NULL,
  live {{int}} CHECK (live = 1),
  office_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  household_id TEXT,
  kind TEXT NOT NULL CHECK (kind IN ('money', 'goods')),
  fen {{int}} CHECK (fen > 0),
  item_id TEXT,
  lot_id TEXT,
  qty {{int}},
  value_fen {{int}} NOT NULL,
  account_id TEXT,
  state TEXT NOT NULL,
  done_on TEXT,
  code TEXT,
  replaces TEXT,
  sealed {{bytes}},
  version {{int}} NOT NULL
){{clustered}};
CREATE UNIQUE INDEX disbursement_voucher ON disbursement (voucher);
CREATE UNIQUE INDEX disbursement_live ON disbursement (entitlement_id, live);
CREATE INDEX disbursement_batch ON disbursement (batch_id, voucher);

CREATE TABLE served (
  round_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  household_id TEXT NOT NULL,
  lines {{int}} NOT NULL,
  PRIMARY KEY (round_id, person_id)
){{clustered}};

CREATE TABLE ledger_entry (
  id TEXT NOT NULL PRIMARY KEY,
  day TEXT NOT NULL,
  kind TEXT NOT NULL,
  debit TEXT NOT NULL,
  credit TEXT NOT NULL,
  fund_id TEXT NOT NULL REFERENCES fund (id),
  fen {{int}} NOT NULL CHECK (fen > 0),
  office_id TEXT NOT NULL,
  entitlement_id TEXT,
  disbursement_id TEXT,
  reverses TEXT,
  idem TEXT NOT NULL,
  version {{int}} NOT NULL,
  CHECK (debit <> credit)
){{clustered}};
CREATE UNIQUE INDEX ledger_entry_idem ON ledger_entry (idem);

CREATE TABLE balance (
  fund_id TEXT NOT NULL,
  account TEXT NOT NULL,
  fen {{int}} NOT NULL CHECK (fen >= 0 OR account = 'external'),
  PRIMARY KEY (fund_id, account)
){{end}};

CREATE TABLE flow (
  office_id TEXT NOT NULL,
  cycle_id TEXT NOT NULL,
  machine TEXT NOT NULL,
  category TEXT NOT NULL,
  state TEXT NOT NULL,
  day TEXT NOT NULL,
  n {{int}} NOT NULL,
  fen {{int}} NOT NULL,
  PRIMARY KEY (office_id, cycle_id, machine, category, state, day)
){{clustered}};

CREATE TABLE import_batch (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  cycle_id TEXT NOT NULL,
  office_id TEXT NOT NULL,
  staff_id TEXT NOT NULL,
  file_name TEXT NOT NULL,
  file_sha256 TEXT NOT NULL,
  file_type TEXT NOT NULL,
  sheet TEXT,
  header TEXT NOT NULL,
  plan_id TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL,
  applied_on TEXT NOT NULL,
  rows_read {{int}} NOT NULL,
  rows_new {{int}} NOT NULL,
  rows_updated {{int}} NOT NULL,
  rows_unchanged {{int}} NOT NULL,
  rows_rejected {{int}} NOT NULL,
  fen {{int}} NOT NULL,
  version {{int}} NOT NULL
){{end}};
CREATE UNIQUE INDEX import_batch_file ON import_batch (file_sha256, kind, cycle_id)
  WHERE state = 'applied';

CREATE TABLE import_row (
  batch_id TEXT NOT NULL,
  row_no {{int}} NOT NULL,
  outcome TEXT NOT NULL,
  object_id TEXT,
  problems TEXT,
  sealed {{bytes}},
  PRIMARY KEY (batch_id, row_no)
){{clustered}};

CREATE TABLE import_change (
  batch_id TEXT NOT NULL,
  noun TEXT NOT NULL,
  row_id TEXT NOT NULL,
  sealed {{bytes}} NOT NULL,
  PRIMARY KEY (batch_id, noun, row_id)
){{clustered}};

CREATE TABLE audit_head (
  log TEXT NOT NULL PRIMARY KEY,
  size {{int}} NOT NULL,
  frontier {{bytes}} NOT NULL
){{end}};

CREATE TABLE audit_event (
  log TEXT NOT NULL,
  seq {{int}} NOT NULL,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  act TEXT NOT NULL,
  object TEXT,
  line TEXT NOT NULL,
  PRIMARY KEY (log, seq)
){{end}};
CREATE INDEX audit_event_at ON audit_event (at);
CREATE INDEX audit_event_object ON audit_event (object);

CREATE TABLE audit_row (
  log TEXT NOT NULL,
  seq {{int}} NOT NULL,
  n {{int}} NOT NULL,
  noun TEXT NOT NULL,
  row_id TEXT NOT NULL,
  version {{int}} NOT NULL,
  public TEXT,
  private_hash {{bytes}},
  PRIMARY KEY (log, seq, n)
){{clustered}};
CREATE UNIQUE INDEX audit_row_version ON audit_row (noun, row_id, version);

CREATE TABLE checkpoint (
  id TEXT NOT NULL PRIMARY KEY,
  at TEXT NOT NULL,
  note TEXT NOT NULL,
  signature {{bytes}} NOT NULL
){{end}};

CREATE TABLE draft (
  id TEXT NOT NULL PRIMARY KEY,
  staff_id TEXT NOT NULL,
  place TEXT NOT NULL,
  kept_at TEXT NOT NULL,
  sealed {{bytes}} NOT NULL
){{end}};
