-- What makes imports trustworthy: profiles of headings, pairs that may be one person, changes that
-- wait for a second person, and people who turned out to be one.

CREATE TABLE import_profile (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  rules TEXT NOT NULL,
  made_by TEXT NOT NULL,
  version {{int}} NOT NULL
){{end}};

-- left_id is a person on file; right_id another one, or row_key stands for a row of a batch that
-- waits (its cells are in import_row). parts says how the score came about.
CREATE TABLE duplicate_pair (
  id TEXT NOT NULL PRIMARY KEY,
  office_id TEXT NOT NULL,
  left_id TEXT NOT NULL REFERENCES person (id),
  right_id TEXT REFERENCES person (id),
  batch_id TEXT,
  row_no {{int}},
  row_key TEXT NOT NULL,
  score {{int}} NOT NULL CHECK (score BETWEEN 0 AND 100),
  band TEXT NOT NULL,
  parts TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'later', 'same', 'different')),
  decided_by TEXT,
  decided_on TEXT,
  version {{int}} NOT NULL,
  UNIQUE (left_id, row_key)
){{end}};
CREATE INDEX duplicate_pair_office ON duplicate_pair (office_id, state);

CREATE TABLE change_request (
  id TEXT NOT NULL PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES person (id),
  office_id TEXT NOT NULL,
  field TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'confirmed', 'refused')),
  reason TEXT NOT NULL,
  batch_id TEXT,
  asked_by TEXT NOT NULL REFERENCES staff (id),
  decided_by TEXT REFERENCES staff (id),
  sealed {{bytes}},
  version {{int}} NOT NULL,
  CHECK (decided_by IS NULL OR decided_by <> asked_by)
){{end}};
CREATE INDEX change_request_office ON change_request (office_id, state);
CREATE INDEX change_request_person ON change_request (person_id);

-- The loser keeps its id and rows and points to the winner; split takes it back.
CREATE TABLE person_merge (
  id TEXT NOT NULL PRIMARY KEY,
  office_id TEXT NOT NULL,
  winner_id TEXT NOT NULL REFERENCES person (id),
  loser_id TEXT NOT NULL REFERENCES person (id),
  state TEXT NOT NULL CHECK (state IN ('merged', 'split')),
  decided_by TEXT NOT NULL REFERENCES staff (id),
  merged_on TEXT NOT NULL,
  version {{int}} NOT NULL,
  CHECK (winner_id <> loser_id)
){{end}};
CREATE INDEX person_merge_loser ON person_merge (loser_id);

CREATE INDEX person_household ON person (household_id);
