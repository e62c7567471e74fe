-- What a gateway tells a second time of a chat that was emptied or deleted since has gone with it.
CREATE TABLE emptied (
  device_id INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
  address   TEXT    NOT NULL,
  until     INTEGER NOT NULL,
  PRIMARY KEY (device_id, address)
) STRICT, WITHOUT ROWID;

-- How much of a plan's calls a device has used.
CREATE TABLE plan_use (
  device_id INTEGER NOT NULL PRIMARY KEY REFERENCES device (id) ON DELETE CASCADE,
  calls     INTEGER,
  asked_at  INTEGER NOT NULL,
  since     INTEGER NOT NULL,
  used      INTEGER NOT NULL
) STRICT;
