-- +goose Up

-- INSERT OR REPLACE takes a row away without the trigger that guards deletes, so an event is let in at the end of the chain only.
-- +goose StatementBegin
CREATE TRIGGER events_append BEFORE INSERT ON events
WHEN NEW.seq <> COALESCE((SELECT MAX(seq) FROM events), 0) + 1
    OR NEW.prev <> COALESCE((SELECT hash FROM events WHERE seq = NEW.seq - 1), '')
BEGIN
    SELECT RAISE(ABORT, 'the log grows at its end only');
END;
-- +goose StatementEnd
