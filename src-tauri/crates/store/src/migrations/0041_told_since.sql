-- Since when two addresses are known to be one person's: whoever was written to before that was not written to against a wish that came from the
-- other one. Of those that were told before this was kept, they count as known all along.

ALTER TABLE person_address ADD COLUMN told_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE person_address ADD COLUMN told_after INTEGER NOT NULL DEFAULT 0;
