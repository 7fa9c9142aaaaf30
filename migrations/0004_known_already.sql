-- People who may be known already: who was born on a day in a street, and, of those whom no
-- resident's number tells apart, who has a name and a birth date. What a row of a file said lies
-- sealed with its pair. A batch says how many of its rows wait for somebody to decide that, and by
-- which profile its file was read.

CREATE INDEX person_street ON person ((office_id || born));
CREATE INDEX person_alike ON person ((born || name)) WHERE id_kind <> 'RESIDENT_ID';
CREATE INDEX person_merge_winner ON person_merge (winner_id);

ALTER TABLE duplicate_pair ADD COLUMN sealed {{bytes}};
ALTER TABLE import_batch ADD COLUMN rows_undecided {{int}};
ALTER TABLE import_batch ADD COLUMN profile TEXT;
