-- What lists are ordered and filtered by stands in an index each, so that a page costs what it shows. A rating has
-- the account and the start of its call, and moves with it.
ALTER TABLE ratings ADD COLUMN account_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ratings ADD COLUMN started_at INTEGER NOT NULL DEFAULT 0;

-- Counts every rating that is new or changed, over all accounts: the ids of events. A number is never given twice, also
-- when the rating that had it is gone.
ALTER TABLE ratings ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0;
CREATE TABLE rating_sequence (last INTEGER NOT NULL) STRICT;

UPDATE ratings SET account_id = c.account_id, started_at = c.started_at, sequence = c.sequence
FROM (
    SELECT calls.id, calls.account_id, calls.started_at, row_number() OVER (ORDER BY r.updated_at, calls.id) AS sequence
    FROM ratings r JOIN calls ON calls.id = r.call_id
) c
WHERE c.id = ratings.call_id;
INSERT INTO rating_sequence SELECT count(*) FROM ratings;

CREATE INDEX calls_by_start ON calls (account_id, started_at);
CREATE INDEX ratings_by_start ON ratings (account_id, started_at);
CREATE INDEX ratings_by_score ON ratings (account_id, score, started_at);
CREATE INDEX ratings_with_comment ON ratings (account_id, started_at) WHERE comment IS NOT NULL;
CREATE UNIQUE INDEX ratings_by_sequence ON ratings (account_id, sequence);
