-- +goose Up

-- How long all of a piece stood in a window for reading before the yes, and how many words there were: 0 for a yes from a card, and for all until now.
ALTER TABLE approvals ADD COLUMN stood INTEGER NOT NULL DEFAULT 0 CHECK (stood >= 0); -- microseconds
ALTER TABLE approvals ADD COLUMN words INTEGER NOT NULL DEFAULT 0 CHECK (words >= 0);

-- Who changed the words of a piece, and when. Of those until now the last one of each piece is known.
CREATE TABLE edits (
    seq    INTEGER PRIMARY KEY,
    output TEXT NOT NULL REFERENCES outputs (id),
    digest TEXT NOT NULL, -- of the version with the new words
    by_id  TEXT NOT NULL CHECK (by_id <> ''),
    at     TEXT NOT NULL CHECK (length(at) = 27)
) STRICT;
INSERT INTO edits (output, digest, by_id, at)
SELECT id, digest, edited_by, updated_at FROM outputs WHERE edited_by <> '' ORDER BY updated_at;

-- What one person did, of whichever task: found when it is asked whether anything shows that they read.
CREATE INDEX edits_by ON edits (by_id, at);
CREATE INDEX approvals_read ON approvals (by_id, at) WHERE stood > 0;
CREATE INDEX rejections_by ON rejections (by_id, at);
CREATE INDEX remarks_stopped ON remarks (by_id, at) WHERE verdict = 'stopped';
CREATE INDEX retractions_by ON retractions (by_id, at);
