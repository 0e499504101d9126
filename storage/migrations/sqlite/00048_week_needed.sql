-- +goose Up

-- When a piece that came on the card of its week has one of its own, whatever people change meanwhile. It was a day before its time until now.
ALTER TABLE week_pieces ADD COLUMN needed TEXT NOT NULL DEFAULT '';
UPDATE week_pieces
SET    needed = (SELECT strftime('%Y-%m-%dT%H:%M:%f', o.slot, '-1 day') || '000Z' FROM outputs o WHERE o.id = week_pieces.output);
