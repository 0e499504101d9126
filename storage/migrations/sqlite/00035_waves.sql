-- +goose Up

-- One delivery of a piece may be a part of it: wave 1 goes to the first people of a segment, wave 2 to those behind the skipped ones; 0 goes to all. The
-- rest of a wording "A" stands under the variant "A+rest".
ALTER TABLE sends ADD COLUMN wave INTEGER NOT NULL DEFAULT 0 CHECK (wave BETWEEN 0 AND 2);
ALTER TABLE sends ADD COLUMN skip INTEGER NOT NULL DEFAULT 0 CHECK (skip >= 0 AND (skip = 0 OR wave = 2));
ALTER TABLE sends ADD COLUMN people INTEGER NOT NULL DEFAULT 0 CHECK (people >= 0 AND (people = 0) = (wave = 0));

-- A piece of which the first part is out ends by the rest's not going out.
INSERT INTO moves (from_state, to_state) VALUES ('scheduled', 'published'), ('held', 'published');
