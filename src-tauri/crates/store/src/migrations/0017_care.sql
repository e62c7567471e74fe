-- What a device sent lately: counted against the daily cap of its campaigns.

CREATE INDEX outbox_sent ON outbox (device_id, claimed_at) WHERE kind = 'send' AND claimed_at IS NOT NULL;
