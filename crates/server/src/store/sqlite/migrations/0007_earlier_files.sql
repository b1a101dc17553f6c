-- The files of the widget, of this release and of those before it: a softphone's tab lives for days, and asks for the
-- files of the release that it began with. Each has a hash of its content in its name.
CREATE TABLE widget_files (
    name        TEXT    PRIMARY KEY,
    body        BLOB    NOT NULL,
    replaced_at INTEGER           -- since when a release runs that does not have it
) STRICT;
