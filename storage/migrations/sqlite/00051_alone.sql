-- +goose Up

-- Whether a piece was to go out by itself but for a doubt: what people then say of it is no sample of the task's pieces. Of those until now it is told from
-- their level and the log: what koira itself let wait for a yes as it was drafted was asked about, whatever koira thought of it.
ALTER TABLE estimates ADD COLUMN alone INTEGER NOT NULL DEFAULT 0 CHECK (alone IN (0, 1));
UPDATE estimates SET alone = 1
WHERE  output IN (SELECT id FROM outputs WHERE level >= 4 AND origin = 'koira')
  AND  output NOT IN (SELECT subject FROM events WHERE action = 'output.waiting' AND actor = 'koira' AND json_extract(detail, '$.from') = 'drafted');

-- Whether a rule held a piece when people decided it.
CREATE INDEX exceptions_about ON exceptions (output, opened_at) WHERE kind = 'output';
