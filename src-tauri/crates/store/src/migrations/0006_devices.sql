-- Devices: what is wrong with one survives a restart, the first sync goes on where it stopped, and calls are kept.

ALTER TABLE device ADD COLUMN deaf_since INTEGER;
ALTER TABLE device ADD COLUMN restricted_since INTEGER;
ALTER TABLE device ADD COLUMN restricted_until INTEGER;
ALTER TABLE device ADD COLUMN link_number INTEGER NOT NULL DEFAULT 1;
ALTER TABLE device ADD COLUMN sync_cursor TEXT;
ALTER TABLE device ADD COLUMN poll_cursor TEXT;

ALTER TABLE chat ADD COLUMN synced_link INTEGER NOT NULL DEFAULT 0;

CREATE TABLE call (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  device_id  INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
  gateway_id TEXT    NOT NULL,
  chat_id    INTEGER NOT NULL REFERENCES chat (id) ON DELETE CASCADE,
  caller_id  INTEGER NOT NULL REFERENCES address (id),
  at         INTEGER NOT NULL,
  outcome    TEXT    NOT NULL CHECK (outcome IN ('ringing', 'missed', 'cancelled', 'answered')),
  video      INTEGER NOT NULL,
  seen       INTEGER NOT NULL DEFAULT 0,
  UNIQUE (device_id, gateway_id)
) STRICT;

CREATE INDEX call_in_order ON call (at, id);
CREATE INDEX call_of_chat ON call (chat_id, at, id);
CREATE INDEX call_unseen ON call (device_id) WHERE seen = 0 AND outcome IN ('missed', 'cancelled');
