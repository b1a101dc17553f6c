-- Summaries are listed the newest first, which is by their row, and each with what was told of it.
CREATE INDEX summaries_by_account ON summaries (account_id);
CREATE INDEX callbacks_by_summary ON callbacks (summary_sid);
