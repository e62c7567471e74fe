-- What a gateway asks for beside its address and its secrets.

CREATE TABLE device_field (
  device_id INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
  name      TEXT    NOT NULL,
  value     TEXT    NOT NULL,
  PRIMARY KEY (device_id, name)
) STRICT, WITHOUT ROWID;
