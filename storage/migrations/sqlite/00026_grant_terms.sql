-- +goose Up

-- What an owner allowed less of than the level would let happen; 0 is no limit of the grant's own.
ALTER TABLE grants ADD COLUMN per_week INTEGER NOT NULL DEFAULT 0 CHECK (per_week >= 0);
ALTER TABLE grants ADD COLUMN money INTEGER NOT NULL DEFAULT 0 CHECK (money >= 0);
ALTER TABLE grants ADD COLUMN look_on TEXT CHECK (length(look_on) = 27);
