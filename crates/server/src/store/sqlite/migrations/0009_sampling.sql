-- Which share of calls is asked about, where the page around the widget does not say.
ALTER TABLE accounts ADD COLUMN sample REAL NOT NULL DEFAULT 1;
