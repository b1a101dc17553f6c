-- Which websites may send rating tokens: a JSON array, empty for any.
ALTER TABLE accounts ADD COLUMN allowed_origins TEXT NOT NULL DEFAULT '[]';
