-- People who may be known already are found by birth date with name or street; a batch says how
-- many of its rows wait for somebody to decide that, and by which profile its file was read.

CREATE INDEX person_born ON person (born, name, office_id);

ALTER TABLE import_batch ADD COLUMN rows_undecided {{int}};
ALTER TABLE import_batch ADD COLUMN profile TEXT;
