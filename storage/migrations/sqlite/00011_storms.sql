-- +goose Up

-- rule is the guardrail that stopped the piece; storm the id of the group that shares one card; reminded_at when people were asked again.
ALTER TABLE exceptions ADD COLUMN rule TEXT NOT NULL DEFAULT '';
ALTER TABLE exceptions ADD COLUMN storm TEXT NOT NULL DEFAULT '';
ALTER TABLE exceptions ADD COLUMN reminded_at TEXT CHECK (length(reminded_at) = 27);
CREATE INDEX exceptions_storm ON exceptions (storm) WHERE storm <> '';
