-- How many chats are unread is counted from the index alone, without the chats' rows.

DROP INDEX chat_unread;
CREATE INDEX chat_unread ON chat (archived, pinned, last_at, id, kind, device_id, unread, marked_unread)
 WHERE unread > 0 OR marked_unread = 1;
