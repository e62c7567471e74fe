-- What is kept for a while only can be found by its age, and the same event is kept once.

ALTER TABLE raw_event ADD COLUMN hash TEXT;

CREATE UNIQUE INDEX raw_event_once ON raw_event (device_id, hash) WHERE hash IS NOT NULL;
CREATE INDEX raw_event_by_age ON raw_event (at);
CREATE INDEX receipt_parked_by_age ON receipt_parked (at);
CREATE INDEX change_parked_by_age ON change_parked (parked_at);
CREATE INDEX outbox_to_forget ON outbox (created_at) WHERE state = 'discarded' OR (state = 'done' AND kind <> 'send');
CREATE INDEX media_by_hash ON media (sha256) WHERE sha256 IS NOT NULL;

ALTER TABLE chat ADD COLUMN pruned_until INTEGER NOT NULL DEFAULT 0;
