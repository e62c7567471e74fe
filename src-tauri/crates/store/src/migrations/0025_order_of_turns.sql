-- The brake and the guard against doubt look at the newest messages since a person let a campaign go on. Which those are was told by
-- the wall clock, which may be set back: then they saw none for as long as it went back. Now the turns of a campaign are numbered.

ALTER TABLE recipient ADD COLUMN queued_no INTEGER;
ALTER TABLE campaign ADD COLUMN resumed_no INTEGER NOT NULL DEFAULT 0;

UPDATE recipient SET queued_no = turn.no
  FROM (SELECT id, row_number() OVER (PARTITION BY audience_id ORDER BY queued_at, id) AS no FROM recipient
         WHERE queued_at IS NOT NULL AND audience_id IN (SELECT audience_id FROM campaign WHERE state IN ('running', 'paused'))) AS turn
 WHERE turn.id = recipient.id;
UPDATE campaign SET resumed_no = (SELECT coalesce(max(queued_no), 0) FROM recipient r
                                   WHERE r.audience_id = campaign.audience_id AND r.queued_at < campaign.resumed_at)
 WHERE resumed_at IS NOT NULL;

ALTER TABLE campaign DROP COLUMN resumed_at;
CREATE INDEX recipient_in_turn ON recipient (audience_id, queued_no) WHERE queued_no IS NOT NULL;
