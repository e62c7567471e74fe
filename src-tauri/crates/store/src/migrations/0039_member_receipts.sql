-- Who of a group received, read and played a message of ours, where their phones are told of one by one.

CREATE TABLE member_receipt (
  message_id   INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  member_id    INTEGER NOT NULL REFERENCES address (id),
  delivered_at INTEGER,
  read_at      INTEGER,
  played_at    INTEGER,
  PRIMARY KEY (message_id, member_id)
) STRICT, WITHOUT ROWID;

-- Such a receipt may come before its message too: each member's waits for itself.
ALTER TABLE receipt_parked RENAME TO receipt_parked_before;
DROP INDEX receipt_parked_by_age;

CREATE TABLE receipt_parked (
  device_id  INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
  gateway_id TEXT    NOT NULL,
  status     INTEGER NOT NULL,
  member     TEXT    NOT NULL DEFAULT '',
  at         INTEGER NOT NULL,
  PRIMARY KEY (device_id, gateway_id, status, member)
) STRICT, WITHOUT ROWID;

INSERT INTO receipt_parked (device_id, gateway_id, status, at) SELECT device_id, gateway_id, status, at FROM receipt_parked_before;
DROP TABLE receipt_parked_before;

CREATE INDEX receipt_parked_by_age ON receipt_parked (at);
