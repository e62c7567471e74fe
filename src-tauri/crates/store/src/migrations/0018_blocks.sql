-- What a device sent lately: counted against the daily cap of its campaigns.
CREATE INDEX outbox_sent ON outbox (device_id, claimed_at) WHERE kind = 'send' AND claimed_at IS NOT NULL;

-- Whom a number has blocked.
CREATE TABLE block (
  device_id  INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
  address    TEXT    NOT NULL,
  at_gateway INTEGER NOT NULL,
  at         INTEGER NOT NULL,
  PRIMARY KEY (device_id, address)
) STRICT, WITHOUT ROWID;

-- Somebody whose turn waits until a person of the shop decides what they meant.
ALTER TABLE recipient ADD COLUMN held INTEGER NOT NULL DEFAULT 0;

CREATE INDEX recipient_held ON recipient (campaign_id) WHERE held = 1;
