-- What is known to be whole, or not.
--
-- How many people the audience of a campaign has, with those who are left out. The last of them may be lost with a damaged file, and no row that is
-- left tells of it. And who may have been written to before a rescue, and never was as far as the file tells, is found by who they are.

ALTER TABLE campaign ADD COLUMN people INTEGER NOT NULL DEFAULT 0;

UPDATE campaign SET people = (SELECT coalesce(max(place) + 1, 0) FROM recipient r WHERE r.audience_id = campaign.audience_id);

CREATE INDEX recipient_untold ON recipient (person) WHERE state = 'uncertain' AND queued_at IS NULL;

-- Whoever came into a group may be told before a list of all who are in it ever was.
ALTER TABLE chat ADD COLUMN members_told INTEGER NOT NULL DEFAULT 0;
