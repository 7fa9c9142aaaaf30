-- Help that goes to institutions and to other regions' societies, and the disasters help is for.

CREATE TABLE disaster (
  id TEXT NOT NULL PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  place TEXT NOT NULL,
  happened_on TEXT NOT NULL,
  phase TEXT NOT NULL CHECK (phase IN ('relief', 'recovery')),
  state TEXT NOT NULL CHECK (state IN ('open', 'closed')),
  office_id TEXT NOT NULL,
  closed_on TEXT,
  version {{int}} NOT NULL
){{end}};

CREATE TABLE institution (
  id TEXT NOT NULL PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  place TEXT NOT NULL,
  office_id TEXT NOT NULL,
  version {{int}} NOT NULL
){{end}};

-- fen is the cash, goods_fen the value of its lines when they were sent.
CREATE TABLE transfer (
  id TEXT NOT NULL PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  office_id TEXT NOT NULL,
  programme_id TEXT NOT NULL REFERENCES programme (id),
  fund_id TEXT NOT NULL REFERENCES fund (id),
  institution_id TEXT NOT NULL REFERENCES institution (id),
  disaster_id TEXT REFERENCES disaster (id),
  purpose TEXT NOT NULL,
  state TEXT NOT NULL,
  fen {{int}} NOT NULL CHECK (fen >= 0),
  goods_fen {{int}} NOT NULL CHECK (goods_fen >= 0),
  sent_on TEXT,
  received_on TEXT,
  reported_on TEXT,
  version {{int}} NOT NULL
){{end}};
CREATE INDEX transfer_office ON transfer (office_id, number);
CREATE INDEX transfer_programme ON transfer (programme_id, received_on);

CREATE TABLE transfer_line (
  id TEXT NOT NULL PRIMARY KEY,
  transfer_id TEXT NOT NULL REFERENCES transfer (id),
  lot_id TEXT NOT NULL REFERENCES lot (id),
  qty {{int}} NOT NULL CHECK (qty > 0),
  value_fen {{int}},
  version {{int}} NOT NULL
){{end}};
CREATE INDEX transfer_line_transfer ON transfer_line (transfer_id);

ALTER TABLE ledger_entry ADD COLUMN transfer_id TEXT;
