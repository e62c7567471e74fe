-- What was asked of numbers, so that nobody is asked for twice; stories, so that none is published twice; files that a person wants
-- though they are large.

CREATE TABLE number_check (
  device_id  INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
  digits     TEXT    NOT NULL,
  address    TEXT,
  checked_at INTEGER NOT NULL,
  PRIMARY KEY (device_id, digits)
) STRICT, WITHOUT ROWID;

CREATE TABLE story (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  device_id  INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
  client_id  TEXT    NOT NULL UNIQUE,
  state      TEXT    NOT NULL CHECK (state IN ('publishing', 'published', 'refused', 'uncertain')),
  gateway_id TEXT,
  at         INTEGER NOT NULL
) STRICT;

CREATE INDEX story_publishing ON story (device_id) WHERE state = 'publishing';

ALTER TABLE media ADD COLUMN wanted INTEGER NOT NULL DEFAULT 0;
