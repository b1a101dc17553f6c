-- A leg whose party was asked and said no. What rated counts as rated only.
ALTER TABLE calls ADD COLUMN dismissed_at INTEGER;
ALTER TABLE buckets ADD COLUMN dismissed INTEGER NOT NULL DEFAULT 0;

ALTER TABLE accounts ADD COLUMN suspended_at   INTEGER; -- null while it is active
ALTER TABLE accounts ADD COLUMN retention_days INTEGER; -- null: calls are kept for ever
ALTER TABLE accounts ADD COLUMN sealed_before  INTEGER; -- calls that started earlier are gone, or about to go

-- With an account, its subaccounts are suspended.
CREATE VIEW accounts_now AS
SELECT a.*, a.suspended_at IS NOT NULL OR p.suspended_at IS NOT NULL AS is_suspended
FROM accounts a LEFT JOIN accounts p ON p.id = a.parent_id;

-- Rating tokens that are not good any more. A row is needed for as long as a token may live.
CREATE TABLE revoked_tokens (
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    jti        TEXT    NOT NULL,
    revoked_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, jti)
) STRICT, WITHOUT ROWID;

-- Legs of which no token is good that was issued until then.
CREATE TABLE revoked_legs (
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    sid        BLOB    NOT NULL,
    revoked_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, sid)
) STRICT, WITHOUT ROWID;

-- Callers whose calls, up to then, are to stay without their numbers, however often they are reported.
CREATE TABLE erased_callers (
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    digest     BLOB    NOT NULL, -- keyed: without the key file it does not tell a number
    erased_at  INTEGER NOT NULL,
    PRIMARY KEY (account_id, digest)
) STRICT, WITHOUT ROWID;

ALTER TABLE calls ADD COLUMN erased_at INTEGER; -- since then it stays without names, numbers and comment
