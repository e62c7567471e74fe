-- Since when messages are news, and up to when a gateway's own count of unread messages holds: a first sync that is cut short knows
-- both when it goes on, and polling tells news from history by them.

ALTER TABLE device ADD COLUMN live_from INTEGER;
ALTER TABLE chat ADD COLUMN counted_until INTEGER NOT NULL DEFAULT 0;
