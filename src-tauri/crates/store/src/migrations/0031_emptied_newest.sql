-- What was written in the very second of the newest message that went with an emptied chat: what else bears that second came after it.
CREATE TABLE emptied_newest (
  device_id  INTEGER NOT NULL,
  address    TEXT    NOT NULL,
  gateway_id TEXT    NOT NULL,
  PRIMARY KEY (device_id, address, gateway_id),
  FOREIGN KEY (device_id, address) REFERENCES emptied (device_id, address) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
