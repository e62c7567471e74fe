-- Chats: triage, what is changed here before the gateway knows, labels, groups, and the indexes of the list's filters.

ALTER TABLE chat ADD COLUMN description TEXT;
ALTER TABLE chat ADD COLUMN read_only INTEGER NOT NULL DEFAULT 0;
ALTER TABLE chat ADD COLUMN marked_unread INTEGER NOT NULL DEFAULT 0;
ALTER TABLE chat ADD COLUMN triage TEXT NOT NULL DEFAULT 'open' CHECK (triage IN ('open', 'waiting', 'snoozed', 'done'));
ALTER TABLE chat ADD COLUMN snoozed_until INTEGER;

DROP INDEX chat_unread;
CREATE INDEX chat_unread ON chat (archived, pinned, last_at, id) WHERE unread > 0 OR marked_unread = 1;
CREATE INDEX chat_of_device ON chat (device_id, archived, pinned, last_at, id);
CREATE INDEX chat_groups ON chat (archived, pinned, last_at, id) WHERE kind = 'group';
CREATE INDEX chat_triage ON chat (triage, archived, pinned, last_at, id);
CREATE INDEX chat_snoozed ON chat (snoozed_until) WHERE snoozed_until IS NOT NULL;

CREATE TABLE label (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  device_id    INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
  gateway_id   TEXT,
  name         TEXT,
  colour       TEXT,
  chats        INTEGER NOT NULL DEFAULT 0,
  unread_chats INTEGER NOT NULL DEFAULT 0,
  UNIQUE (device_id, gateway_id)
) STRICT;

CREATE TABLE chat_label (
  label_id INTEGER NOT NULL REFERENCES label (id) ON DELETE CASCADE,
  chat_id  INTEGER NOT NULL REFERENCES chat (id) ON DELETE CASCADE,
  archived INTEGER NOT NULL,
  pinned   INTEGER NOT NULL,
  last_at  INTEGER NOT NULL,
  unread   INTEGER NOT NULL,
  PRIMARY KEY (label_id, chat_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX chat_label_in_order ON chat_label (label_id, archived, pinned, last_at, chat_id);
CREATE INDEX chat_label_of_chat ON chat_label (chat_id);

CREATE TRIGGER chat_label_follows AFTER UPDATE OF archived, pinned, last_at, unread, marked_unread ON chat
BEGIN
  UPDATE chat_label SET archived = NEW.archived, pinned = NEW.pinned, last_at = NEW.last_at,
         unread = NEW.unread > 0 OR NEW.marked_unread = 1
   WHERE chat_id = NEW.id;
END;

CREATE TRIGGER chat_label_added AFTER INSERT ON chat_label
BEGIN
  UPDATE label SET chats = chats + (NEW.archived = 0), unread_chats = unread_chats + (NEW.archived = 0 AND NEW.unread = 1)
   WHERE id = NEW.label_id;
END;

CREATE TRIGGER chat_label_removed AFTER DELETE ON chat_label
BEGIN
  UPDATE label SET chats = chats - (OLD.archived = 0), unread_chats = unread_chats - (OLD.archived = 0 AND OLD.unread = 1)
   WHERE id = OLD.label_id;
END;

CREATE TRIGGER chat_label_changed AFTER UPDATE OF archived, unread ON chat_label
WHEN OLD.archived <> NEW.archived OR OLD.unread <> NEW.unread
BEGIN
  UPDATE label SET chats = chats + (NEW.archived = 0) - (OLD.archived = 0),
         unread_chats = unread_chats + (NEW.archived = 0 AND NEW.unread = 1) - (OLD.archived = 0 AND OLD.unread = 1)
   WHERE id = NEW.label_id;
END;

CREATE TABLE chat_wish (
  chat_id   INTEGER NOT NULL REFERENCES chat (id) ON DELETE CASCADE,
  what      TEXT    NOT NULL,
  label_id  INTEGER NOT NULL DEFAULT 0,
  device_id INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
  value     INTEGER NOT NULL,
  to_tell   INTEGER NOT NULL,
  turn      INTEGER NOT NULL,
  attempts  INTEGER NOT NULL DEFAULT 0,
  next_at   INTEGER NOT NULL,
  PRIMARY KEY (chat_id, what, label_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX chat_wish_to_tell ON chat_wish (device_id, next_at) WHERE to_tell = 1;

CREATE TABLE group_member (
  chat_id    INTEGER NOT NULL REFERENCES chat (id) ON DELETE CASCADE,
  address_id INTEGER NOT NULL REFERENCES address (id),
  rank       TEXT    NOT NULL CHECK (rank IN ('member', 'admin', 'creator')),
  PRIMARY KEY (chat_id, address_id)
) STRICT, WITHOUT ROWID;
