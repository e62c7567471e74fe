-- An audience is gathered here, and taken over at once.

CREATE TABLE audience_staged (
  place    INTEGER PRIMARY KEY, -- their turn, from 0
  row      INTEGER, -- these as in recipient
  written  TEXT    NOT NULL,
  address  TEXT,
  person   TEXT,
  cells    TEXT    NOT NULL,
  variant  INTEGER NOT NULL,
  state    TEXT    NOT NULL,
  reason   TEXT
) STRICT;

CREATE UNIQUE INDEX audience_staged_once ON audience_staged (person) WHERE person IS NOT NULL AND state <> 'skipped';
