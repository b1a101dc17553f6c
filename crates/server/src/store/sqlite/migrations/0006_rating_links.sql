-- Short links for messages, each with the rating token that its page gets.
CREATE TABLE rating_links (
    code_hash  BLOB    PRIMARY KEY,
    token      BLOB    NOT NULL, -- sealed
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX rating_links_by_end ON rating_links (expires_at);
