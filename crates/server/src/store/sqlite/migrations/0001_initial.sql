-- Times are milliseconds since 1970, UTC; sids are the 16 bytes behind their two letters.

CREATE TABLE accounts (
    id         INTEGER PRIMARY KEY,
    sid        BLOB    NOT NULL UNIQUE,
    parent_id  INTEGER REFERENCES accounts (id),
    name       TEXT    NOT NULL,
    auth_token BLOB    NOT NULL, -- sealed
    time_zone  TEXT    NOT NULL, -- IANA
    is_demo    INTEGER NOT NULL, -- made by `serve --demo`, which may put calls into it
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX accounts_by_parent ON accounts (parent_id);

CREATE TABLE api_keys (
    id         INTEGER PRIMARY KEY,
    sid        BLOB    NOT NULL UNIQUE,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    name       TEXT    NOT NULL,
    scopes     TEXT    NOT NULL, -- comma-separated
    secret     BLOB    NOT NULL, -- sealed
    created_at INTEGER NOT NULL,
    revoked_at INTEGER           -- null while it is good
) STRICT;

-- One row a leg: one party's side of a call.
CREATE TABLE calls (
    id         INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    sid        BLOB    NOT NULL,
    call       TEXT,             -- as the phone system names it; null for a native CallSid
    party      TEXT,
    started_at INTEGER NOT NULL,
    duration   INTEGER,          -- seconds
    direction  TEXT,
    caller     TEXT,
    callee     TEXT,
    status     TEXT,
    labels     TEXT    NOT NULL, -- a JSON object
    asked_at   INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (account_id, sid)
) STRICT;

CREATE TABLE ratings (
    call_id    INTEGER PRIMARY KEY REFERENCES calls (id),
    score      INTEGER NOT NULL CHECK (score BETWEEN 1 AND 5),
    issues     INTEGER NOT NULL, -- one bit an issue
    comment    TEXT,
    revision   INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

-- What summaries and charts read. `span` and `start` are seconds: a quarter-hour (900) or a UTC day (86400).
-- `direction` is '' where it is not known.
CREATE TABLE buckets (
    account_id INTEGER NOT NULL,
    span       INTEGER NOT NULL,
    start      INTEGER NOT NULL,
    direction  TEXT    NOT NULL,
    calls      INTEGER NOT NULL,
    asked      INTEGER NOT NULL,
    score1     INTEGER NOT NULL,
    score2     INTEGER NOT NULL,
    score3     INTEGER NOT NULL,
    score4     INTEGER NOT NULL,
    score5     INTEGER NOT NULL,
    PRIMARY KEY (account_id, span, start, direction)
) STRICT, WITHOUT ROWID;

CREATE TABLE bucket_issues (
    account_id INTEGER NOT NULL,
    span       INTEGER NOT NULL,
    start      INTEGER NOT NULL,
    direction  TEXT    NOT NULL,
    issue      TEXT    NOT NULL,
    score1     INTEGER NOT NULL,
    score2     INTEGER NOT NULL,
    score3     INTEGER NOT NULL,
    score4     INTEGER NOT NULL,
    score5     INTEGER NOT NULL,
    PRIMARY KEY (account_id, span, start, direction, issue)
) STRICT, WITHOUT ROWID;

CREATE TABLE summaries (
    id                  INTEGER PRIMARY KEY,
    sid                 BLOB    NOT NULL UNIQUE,
    account_id          INTEGER NOT NULL REFERENCES accounts (id),
    start_date          TEXT    NOT NULL,
    end_date            TEXT    NOT NULL,
    include_subaccounts INTEGER NOT NULL,
    calls               INTEGER NOT NULL,
    scores              TEXT    NOT NULL, -- a JSON array, the counts of 1 to 5
    issues              TEXT    NOT NULL, -- a JSON array of such arrays, one an issue
    created_at          INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
    secret_hash BLOB    PRIMARY KEY,
    account_id  INTEGER NOT NULL REFERENCES accounts (id),
    scopes      TEXT    NOT NULL, -- comma-separated
    api_key     BLOB,             -- the key that signed in, with which the session ends; null for an AuthToken
    expires_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Links that sign in once.
CREATE TABLE sign_in_codes (
    secret_hash BLOB    PRIMARY KEY,
    account_id  INTEGER NOT NULL REFERENCES accounts (id),
    expires_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
