-- Of the campaigns for those whom one did not reach, none writes to whom another one reached. Which they are was told by whom each
-- follows: once the one that all follow was deleted, they knew nothing of each other any more, nor of whom it had reached. Now each bears the
-- number of the first, which is given to no other one, and the people of a deleted one stay as long as one of the others is there.

ALTER TABLE campaign ADD COLUMN family_id INTEGER;
ALTER TABLE audience ADD COLUMN family_id INTEGER;

-- Whom one follows that was deleted since is told by where its people came from. Whom it follows is always older.
WITH RECURSIVE told (id, above) AS MATERIALIZED (
       SELECT id, coalesce(follows_id, CASE WHEN json_valid(source) AND source ->> '$[0].kind' = 'failed' THEN source ->> '$[0].campaignId' END)
         FROM campaign WHERE follows_as = 'retry'),
     up (id, above) AS (
       SELECT id, above FROM told WHERE above IS NOT NULL
        UNION SELECT up.id, t.above FROM up JOIN told t ON t.id = up.above WHERE t.above IS NOT NULL)
UPDATE campaign SET family_id = first.above FROM (SELECT id, min(above) AS above FROM up GROUP BY id) AS first
 WHERE first.id = campaign.id;
UPDATE campaign SET family_id = id
 WHERE family_id IS NULL AND id IN (SELECT family_id FROM campaign WHERE family_id IS NOT NULL);

CREATE INDEX campaign_family ON campaign (family_id) WHERE family_id IS NOT NULL;
CREATE INDEX audience_family ON audience (family_id) WHERE family_id IS NOT NULL;
