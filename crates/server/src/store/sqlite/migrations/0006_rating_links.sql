-- Short links for messages, each with the rating token that its page gets. A caller who is erased takes them along.
CREATE TABLE rating_links (
    code_hash  BLOB    PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    leg        BLOB    NOT NULL, -- its sid
    caller     BLOB,             -- the digest of its party
    token      BLOB    NOT NULL, -- sealed
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX rating_links_by_end ON rating_links (expires_at);
CREATE INDEX rating_links_by_leg ON rating_links (account_id, leg);
CREATE INDEX rating_links_by_caller ON rating_links (account_id, caller) WHERE caller IS NOT NULL;

-- What is over is found without looking through what is not.
CREATE INDEX revoked_tokens_by_time ON revoked_tokens (revoked_at);
CREATE INDEX revoked_legs_by_time ON revoked_legs (revoked_at);
CREATE INDEX sessions_by_end ON sessions (expires_at);
CREATE INDEX sign_in_codes_by_end ON sign_in_codes (expires_at);
