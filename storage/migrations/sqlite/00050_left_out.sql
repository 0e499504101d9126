-- +goose Up

-- What going back to an earlier version leaves out, since what it names is gone: told before and after.
ALTER TABLE requests ADD COLUMN left_out TEXT NOT NULL DEFAULT '[]';
