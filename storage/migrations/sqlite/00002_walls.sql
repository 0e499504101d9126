-- +goose Up

-- The same moves as the engine's table; a test compares them.
CREATE TABLE moves (
    from_state TEXT NOT NULL,
    to_state   TEXT NOT NULL,
    PRIMARY KEY (from_state, to_state)
) STRICT, WITHOUT ROWID;

INSERT INTO moves (from_state, to_state) VALUES
    ('planned', 'drafted'), ('planned', 'handed'), ('planned', 'cancelled'), ('planned', 'failed'),
    ('drafted', 'waiting'), ('drafted', 'held'), ('drafted', 'scheduled'), ('drafted', 'handed'), ('drafted', 'cancelled'),
    ('waiting', 'scheduled'), ('waiting', 'held'), ('waiting', 'rejected'), ('waiting', 'expired'), ('waiting', 'cancelled'), ('waiting', 'drafted'),
    ('held', 'scheduled'), ('held', 'rejected'), ('held', 'expired'), ('held', 'cancelled'), ('held', 'drafted'),
    ('handed', 'published'), ('handed', 'rejected'), ('handed', 'expired'),
    ('scheduled', 'publishing'), ('scheduled', 'held'), ('scheduled', 'waiting'), ('scheduled', 'cancelled'), ('scheduled', 'expired'),
    ('publishing', 'published'), ('publishing', 'failed'), ('publishing', 'scheduled'), ('publishing', 'unconfirmed'),
    ('unconfirmed', 'published'), ('unconfirmed', 'scheduled'), ('unconfirmed', 'failed'),
    ('published', 'settled'), ('published', 'retracting'),
    ('retracting', 'retracted'), ('retracting', 'published'),
    ('settled', 'retracting');

-- +goose StatementBegin
CREATE TRIGGER outputs_move BEFORE UPDATE OF state ON outputs
WHEN OLD.state <> NEW.state AND NOT EXISTS (SELECT 1 FROM moves WHERE from_state = OLD.state AND to_state = NEW.state)
BEGIN
    SELECT RAISE(ABORT, 'not a move of an output''s life');
END;
-- +goose StatementEnd

-- What was approved is what goes out: while a copy may be out, its wording stands still.
-- +goose StatementBegin
CREATE TRIGGER variants_frozen_insert BEFORE INSERT ON variants
WHEN EXISTS (SELECT 1 FROM sends WHERE output = NEW.output AND state NOT IN ('pending', 'failed'))
BEGIN
    SELECT RAISE(ABORT, 'the wording of what may be out cannot change');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER variants_frozen_update BEFORE UPDATE ON variants
WHEN EXISTS (SELECT 1 FROM sends WHERE output = OLD.output AND state NOT IN ('pending', 'failed'))
BEGIN
    SELECT RAISE(ABORT, 'the wording of what may be out cannot change');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER variants_frozen_delete BEFORE DELETE ON variants
WHEN EXISTS (SELECT 1 FROM sends WHERE output = OLD.output AND state NOT IN ('pending', 'failed'))
BEGIN
    SELECT RAISE(ABORT, 'the wording of what may be out cannot change');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER sends_identity BEFORE UPDATE ON sends
WHEN NEW.idem_key <> OLD.idem_key OR NEW.first_at <> OLD.first_at OR NEW.output <> OLD.output OR NEW.fence < OLD.fence
BEGIN
    SELECT RAISE(ABORT, 'a send keeps its key and its first time, and its fence only grows');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER events_keep BEFORE UPDATE ON events
BEGIN
    SELECT RAISE(ABORT, 'the log is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER events_stay BEFORE DELETE ON events
BEGIN
    SELECT RAISE(ABORT, 'the log is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ledger_keep BEFORE UPDATE ON ledger
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ledger_stay BEFORE DELETE ON ledger
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;
-- +goose StatementEnd
