-- +goose Up

-- What a task may cost in a week, and a campaign in all, is a rule like any other: it stands in the guardrails, where people change it. The log holds what each
-- version of them says, so none is rewritten: what older stores keep beside them waits here until it is put in force as a version of its own.
CREATE TABLE shares (
    kind TEXT NOT NULL CHECK (kind IN ('task', 'campaign')),
    key  TEXT NOT NULL CHECK (key <> ''),
    sum  INTEGER NOT NULL CHECK (sum > 0),
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
INSERT INTO shares (kind, key, sum)
SELECT 'task', id, weekly
FROM   tasks
WHERE  weekly > 0;
INSERT INTO shares (kind, key, sum)
SELECT 'campaign', json_extract(o.value, '$.key'), json_extract(o.value, '$.budget')
FROM   strategies AS s, json_each(s.body, '$.offers') AS o
WHERE  s.version = (SELECT max(version) FROM strategies)
AND    json_extract(o.value, '$.budget') > 0;
ALTER TABLE tasks DROP COLUMN weekly;
