-- A gateway that does not tell which number is linked says nothing when it is another one. So it is kept that it may be: after an
-- unlinking, and after other secrets were given.

ALTER TABLE device ADD COLUMN own_unproven INTEGER NOT NULL DEFAULT 0;
