-- +goose Up

-- What people took back after a yes: found beside each yes, which counts no longer.
CREATE INDEX events_taken_back ON events (subject, at)
WHERE  action = 'output.waiting' AND json_extract(detail, '$.from') = 'scheduled' AND actor <> 'koira';
