-- One person may have several addresses; what the phone's address book says of each; which of a chat's names is the best.

CREATE TABLE person (
  id INTEGER PRIMARY KEY AUTOINCREMENT
) STRICT;

CREATE TABLE person_address (
  address   TEXT    NOT NULL PRIMARY KEY,
  person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX person_address_of ON person_address (person_id);

CREATE TABLE contact (
  device_id  INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
  address    TEXT    NOT NULL,
  saved_name TEXT,
  push_name  TEXT,
  business   INTEGER,
  picture    TEXT,
  PRIMARY KEY (device_id, address)
) STRICT, WITHOUT ROWID;

CREATE INDEX contact_by_name ON contact (device_id, saved_name COLLATE NOCASE, address) WHERE saved_name IS NOT NULL;

ALTER TABLE chat ADD COLUMN name_rank INTEGER NOT NULL DEFAULT 0;
UPDATE chat SET name_rank = CASE WHEN name IS NULL THEN 0 WHEN name_guessed = 1 THEN 1 ELSE 3 END;
ALTER TABLE chat DROP COLUMN name_guessed;
