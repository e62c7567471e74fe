-- Pictures of people and groups have numbers of their own, which change with where they lie.

CREATE TABLE picture (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  device_id INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
  address   TEXT    NOT NULL,
  url       TEXT    NOT NULL,
  UNIQUE (device_id, address)
) STRICT;

INSERT INTO picture (device_id, address, url) SELECT device_id, address, picture FROM contact WHERE picture IS NOT NULL;
ALTER TABLE contact DROP COLUMN picture;
