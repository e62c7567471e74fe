-- Words of messages can be searched. What they mean: the head of tables/search.rs.

CREATE VIRTUAL TABLE message_search USING fts5(
  text,
  chat,
  content = '',
  columnsize = 0,
  prefix = '2 3',
  tokenize = "unicode61 remove_diacritics 2"
);

INSERT INTO message_search (message_search, rank) VALUES ('automerge', 16), ('crisismerge', 64), ('hashsize', 8388608);

INSERT INTO message_search (rowid, text, chat)
SELECT (min(max(at, 0), 4294967295000) / 1000 << 31) | id, text, char(983040 + chat_id % 65000)
  FROM message WHERE text IS NOT NULL ORDER BY 1;

CREATE TRIGGER message_search_gone BEFORE DELETE ON message WHEN OLD.text IS NOT NULL
BEGIN
  INSERT INTO message_search (message_search, rowid, text, chat)
  VALUES ('delete', (min(max(OLD.at, 0), 4294967295000) / 1000 << 31) | OLD.id, OLD.text, char(983040 + OLD.chat_id % 65000));
END;

CREATE TRIGGER message_search_changed AFTER UPDATE OF text, at ON message WHEN OLD.text IS NOT NEW.text OR OLD.at <> NEW.at
BEGIN
  INSERT INTO message_search (message_search, rowid, text, chat)
  SELECT 'delete', (min(max(OLD.at, 0), 4294967295000) / 1000 << 31) | OLD.id, OLD.text, char(983040 + OLD.chat_id % 65000)
   WHERE OLD.text IS NOT NULL;
  INSERT INTO message_search (rowid, text, chat)
  SELECT (min(max(NEW.at, 0), 4294967295000) / 1000 << 31) | NEW.id, NEW.text, char(983040 + NEW.chat_id % 65000)
   WHERE NEW.text IS NOT NULL;
END;

-- A receipt is looked for by its message's id alone only while it can be news: the index of all ids was a page written for
-- each message that came in.
DROP INDEX message_own_gateway_id;
CREATE INDEX message_awaits_receipt ON message (gateway_id)
  WHERE from_me = 1 AND gateway_id IS NOT NULL AND (status < 3 OR (status = 3 AND kind = 'voice'));

-- Names of chats can be searched.
CREATE VIRTUAL TABLE chat_search USING fts5(
  name,
  content = '',
  columnsize = 0,
  prefix = '1 2 3',
  tokenize = "unicode61 remove_diacritics 2"
);

INSERT INTO chat_search (rowid, name) SELECT id, name FROM chat WHERE name IS NOT NULL ORDER BY id;

CREATE TRIGGER chat_search_added AFTER INSERT ON chat WHEN NEW.name IS NOT NULL
BEGIN
  INSERT INTO chat_search (rowid, name) VALUES (NEW.id, NEW.name);
END;

CREATE TRIGGER chat_search_gone BEFORE DELETE ON chat WHEN OLD.name IS NOT NULL
BEGIN
  INSERT INTO chat_search (chat_search, rowid, name) VALUES ('delete', OLD.id, OLD.name);
END;

CREATE TRIGGER chat_search_changed AFTER UPDATE OF name ON chat WHEN OLD.name IS NOT NEW.name
BEGIN
  INSERT INTO chat_search (chat_search, rowid, name) SELECT 'delete', OLD.id, OLD.name WHERE OLD.name IS NOT NULL;
  INSERT INTO chat_search (rowid, name) SELECT NEW.id, NEW.name WHERE NEW.name IS NOT NULL;
END;
