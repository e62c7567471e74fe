-- Of which chats the first sync could not have the messages, because the gateway stumbled: they are fetched when it can give them.

ALTER TABLE chat ADD COLUMN missed_link INTEGER NOT NULL DEFAULT 0;
