-- A summary is queued first and counted later; those that are here were complete when they were created.
CREATE TABLE new_summaries (
    id                  INTEGER PRIMARY KEY,
    sid                 BLOB    NOT NULL UNIQUE,
    account_id          INTEGER NOT NULL REFERENCES accounts (id),
    start_date          TEXT    NOT NULL,
    end_date            TEXT    NOT NULL,
    include_subaccounts INTEGER NOT NULL,
    status              TEXT    NOT NULL CHECK (status IN ('queued', 'in-progress', 'completed', 'failed')),
    calls               INTEGER,          -- this and the next two are null unless it is completed
    scores              TEXT,             -- a JSON array, the counts of 1 to 5
    issues              TEXT,             -- a JSON array of such arrays, one an issue
    callback_url        TEXT,             -- who is told when it ends; null for nobody
    callback_method     TEXT,             -- GET or POST
    created_at          INTEGER NOT NULL,
    updated_at          INTEGER NOT NULL
) STRICT;

INSERT INTO new_summaries
SELECT id, sid, account_id, start_date, end_date, include_subaccounts, 'completed', calls, scores, issues, NULL, NULL,
       created_at, created_at
FROM summaries;

DROP TABLE summaries;
ALTER TABLE new_summaries RENAME TO summaries;
CREATE INDEX unfinished_summaries ON summaries (account_id) WHERE status IN ('queued', 'in-progress');

-- What is to be told of summaries that ended, and whether it was. A row outlives its summary.
CREATE TABLE callbacks (
    id          INTEGER PRIMARY KEY,
    account_id  INTEGER NOT NULL REFERENCES accounts (id),
    summary_sid BLOB    NOT NULL,
    status      TEXT    NOT NULL, -- of the summary: completed or failed
    url         TEXT    NOT NULL,
    method      TEXT    NOT NULL, -- GET or POST
    receiver    TEXT    NOT NULL, -- scheme, host and port of the URL
    state       TEXT    NOT NULL CHECK (state IN ('pending', 'delivered', 'given-up')),
    tries       INTEGER NOT NULL,
    last_status INTEGER,          -- what the last try was answered
    last_error  TEXT,             -- why the last try failed, if that was not the answer
    next_try_at INTEGER,          -- null unless it is pending
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    CHECK ((state = 'pending') = (next_try_at IS NOT NULL))
) STRICT;

CREATE INDEX callbacks_by_account ON callbacks (account_id);
CREATE INDEX pending_callbacks_by_account ON callbacks (account_id) WHERE state = 'pending';
CREATE INDEX pending_callbacks ON callbacks (receiver, next_try_at) WHERE state = 'pending';
CREATE INDEX ended_callbacks ON callbacks (updated_at) WHERE state <> 'pending';
