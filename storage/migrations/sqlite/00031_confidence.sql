-- +goose Up

-- The confidence below which a piece asks a person; 0 for none.
ALTER TABLE outputs ADD COLUMN line REAL NOT NULL DEFAULT 0 CHECK (line BETWEEN 0 AND 1);

-- What koira thought of a piece when it was last drafted by it, whatever became of the piece.
CREATE TABLE estimates (
    output     TEXT PRIMARY KEY REFERENCES outputs (id),
    at         TEXT NOT NULL CHECK (length(at) = 27),
    signs      TEXT NOT NULL,
    confidence REAL NOT NULL CHECK (confidence > 0 AND confidence < 1),
    line       REAL NOT NULL CHECK (line BETWEEN 0 AND 1),
    heard      INTEGER NOT NULL CHECK (heard IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX estimates_at ON estimates (at);
