-- Of a campaign that was withheld from its time before that was kept, its next one was not made either: one that recurs, has missed its time and is
-- followed by no repetition. Its start makes it. A schedule that cannot be read, which a rescue may have kept, says nothing.

UPDATE campaign SET withheld = 1 WHERE state = 'missed' AND withheld = 0
  AND CASE WHEN json_valid(schedule) THEN json_extract(schedule, '$.repeats') <> 'never' END
  AND NOT EXISTS (SELECT 1 FROM campaign later WHERE later.follows_id = campaign.id AND later.follows_as = 'repeat');
