-- The row of a recurring campaign bears the number of its first one, as a family does: it is one row whichever of it is deleted. And of one
-- that was taken from its time it is known that it was: its start makes the next one, and a start that is undone does not let it start
-- by itself.

ALTER TABLE campaign ADD COLUMN series_id INTEGER;
ALTER TABLE campaign ADD COLUMN withheld INTEGER NOT NULL DEFAULT 0;

UPDATE campaign SET series_id = coalesce(follows_id, family_id) WHERE follows_as IN ('repeat', 'retry');
WITH RECURSIVE up (id, above) AS (
  SELECT id, series_id FROM campaign WHERE series_id IS NOT NULL
   UNION SELECT up.id, c.series_id FROM up JOIN campaign c ON c.id = up.above WHERE c.series_id IS NOT NULL)
UPDATE campaign SET series_id = (SELECT min(above) FROM up WHERE up.id = campaign.id) WHERE series_id IS NOT NULL;
UPDATE campaign SET series_id = id WHERE series_id IS NULL AND id IN (SELECT series_id FROM campaign WHERE series_id IS NOT NULL);

CREATE INDEX campaign_series ON campaign (series_id) WHERE series_id IS NOT NULL;
