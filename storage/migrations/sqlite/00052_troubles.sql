-- +goose Up

-- Several troubles of one subject are asked about each by itself.
ALTER TABLE exceptions ADD COLUMN trouble TEXT NOT NULL DEFAULT '';
DROP INDEX exceptions_open;
CREATE UNIQUE INDEX exceptions_open ON exceptions (kind, subject, trouble) WHERE closed_at IS NULL;

-- What is open at this moment, by how it was worded until now.
UPDATE exceptions
SET    trouble = CASE
       WHEN kind = 'system' AND subject IN (SELECT channel FROM breakers WHERE paused_at IS NOT NULL) THEN 'paused'
       WHEN kind = 'system' AND reason LIKE '% refuses my credentials.' AND evidence LIKE '% Its results are not read.' THEN 'unread'
       WHEN kind = 'system' AND reason LIKE '% refuses my credentials.' THEN 'credentials'
       WHEN kind = 'system' AND reason LIKE 'The channel % is not configured%' THEN 'absent'
       WHEN kind = 'system' AND reason LIKE '% does not say how many people it reaches; its pieces wait.' THEN 'uncounted'
       WHEN kind = 'system' AND reason LIKE '% tells no results.' THEN 'silent'
       WHEN kind = 'system' AND subject = 'everything' AND reason LIKE 'I crashed %' THEN 'crashes'
       WHEN kind = 'system' AND subject = 'everything' THEN 'restored'
       WHEN kind = 'system' AND subject = 'log' AND evidence LIKE 'The log is not what koira wrote: %' THEN 'chain'
       WHEN kind = 'system' AND subject = 'log' THEN 'side file'
       WHEN kind = 'task' AND reason LIKE '% is paused%' THEN 'paused'
       WHEN kind = 'task' THEN 'broke off'
       WHEN kind = 'missed' AND reason LIKE 'Could not take it down%' THEN 'still live'
       WHEN kind = 'missed' AND reason LIKE 'It is out, and a rule should have stopped it%' THEN 'breach'
       WHEN kind = 'missed' AND reason LIKE '% refuses this piece%' THEN 'refused'
       WHEN kind = 'missed' AND reason LIKE 'A piece was not written%' THEN 'unwritten'
       WHEN kind = 'missed' THEN 'late'
       ELSE '' END
WHERE  closed_at IS NULL;
