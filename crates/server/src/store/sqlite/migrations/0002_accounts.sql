-- A leg whose party was asked and said no. What rated counts as rated only.
ALTER TABLE calls ADD COLUMN dismissed_at INTEGER;
ALTER TABLE buckets ADD COLUMN dismissed INTEGER NOT NULL DEFAULT 0;
