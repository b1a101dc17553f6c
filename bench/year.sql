-- Inserts a year of calls for one account, at equal intervals, so that no quarter-hour is empty. Every fifth call is
-- not rated. `-cmd` must create a table `year` with the account's id (`account`), the end of the year in milliseconds
-- since 1970 (`ended`) and the number of calls (`calls`). `ringback verify` then checks the counts against the rows.
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -1000000;
BEGIN;

-- `dice` is pseudorandom: 32 bits of a multiplicative hash of the call's number.
CREATE TEMP VIEW made AS
WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers, year WHERE n < calls)
SELECT account, n, n * 2654435761 % 4294967296 AS dice, ended - (calls - n + 1) * (365 * 86400000 / calls) AS started_at
FROM numbers, year;

INSERT INTO calls (id, account_id, sid, started_at, duration, direction, caller, callee, status, labels, asked_at, created_at, updated_at)
SELECT n, account, CAST(printf('%016d', n) AS BLOB), started_at, 20 + dice % 1200, iif(dice >> 9 & 7 < 5, 'inbound', 'outbound'),
    printf('+4930%07d', dice % 10000000), '+493055501', 'completed',
    json_object('queue', CASE dice >> 13 & 3 WHEN 0 THEN 'sales' WHEN 1 THEN 'billing' ELSE 'support' END),
    iif(n % 5 OR n % 2, started_at, NULL), started_at, started_at
FROM made;

-- Mostly high scores; below 5, one or two issues; a comment on every fiftieth call.
INSERT INTO ratings (call_id, account_id, started_at, score, issues, comment, revision, created_at, updated_at, sequence)
SELECT n, account, started_at, score,
    iif(score < 5, (1 << (dice >> 21 & 7)) | (1 << (dice >> 25 & 7)), 0), iif(n % 50 = 1, 'Comment ' || n, NULL),
    1, started_at, started_at, n
FROM (
    SELECT *, CASE WHEN percent < 4 THEN 1 WHEN percent < 8 THEN 2 WHEN percent < 18 THEN 3 WHEN percent < 45 THEN 4 ELSE 5 END AS score
    FROM (SELECT *, (dice >> 11) % 100 AS percent FROM made WHERE n % 5)
);
UPDATE rating_sequence SET last = (SELECT max(sequence) FROM ratings);

CREATE TEMP VIEW counted AS
SELECT c.account_id, span, c.started_at / 1000 / span * span AS start, c.direction, c.asked_at, score, issues
FROM calls c LEFT JOIN ratings ON call_id = id, (SELECT 900 AS span UNION ALL SELECT 86400)
WHERE c.account_id = (SELECT account FROM year);

INSERT INTO buckets (account_id, span, start, direction, calls, asked, score1, score2, score3, score4, score5)
SELECT account_id, span, start, direction, count(*), count(asked_at),
    count(*) FILTER (WHERE score = 1), count(*) FILTER (WHERE score = 2), count(*) FILTER (WHERE score = 3),
    count(*) FILTER (WHERE score = 4), count(*) FILTER (WHERE score = 5)
FROM counted GROUP BY account_id, span, start, direction;

WITH names (bit, issue) AS (
    VALUES (0, 'imperfect-audio'), (1, 'dropped-call'), (2, 'incorrect-caller-id'), (3, 'post-dial-delay'),
        (4, 'digits-not-captured'), (5, 'unsolicited-call'), (6, 'audio-latency'), (7, 'one-way-audio')
)
INSERT INTO bucket_issues (account_id, span, start, direction, issue, score1, score2, score3, score4, score5)
SELECT account_id, span, start, direction, issue,
    count(*) FILTER (WHERE score = 1), count(*) FILTER (WHERE score = 2), count(*) FILTER (WHERE score = 3),
    count(*) FILTER (WHERE score = 4), count(*) FILTER (WHERE score = 5)
FROM counted JOIN names ON issues >> bit & 1 GROUP BY account_id, span, start, direction, issue;

COMMIT;
ANALYZE;
