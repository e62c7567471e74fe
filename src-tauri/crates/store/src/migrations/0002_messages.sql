-- Every kind of message, what it refers to, and what is done to it afterwards. The table is made anew, since the list of
-- kinds was a CHECK, which SQLite cannot take back.

CREATE TABLE message_new (
  id                INTEGER PRIMARY KEY AUTOINCREMENT,
  chat_id           INTEGER NOT NULL REFERENCES chat (id) ON DELETE CASCADE,
  gateway_id        TEXT,
  from_me           INTEGER NOT NULL,
  sender_id         INTEGER REFERENCES address (id),
  at                INTEGER NOT NULL,
  kind              TEXT    NOT NULL,
  text              TEXT,
  data              TEXT,
  media_id          INTEGER REFERENCES media (id),
  raw_kind          TEXT,
  raw               TEXT,
  quoted_gateway_id TEXT,
  quoted_text       TEXT,
  forwarded         INTEGER NOT NULL DEFAULT 0,
  mentions          TEXT,
  status            INTEGER,
  sent_at           INTEGER,
  delivered_at      INTEGER,
  read_at           INTEGER,
  failure           TEXT,
  edited_at         INTEGER,
  deleted_at        INTEGER,
  starred           INTEGER NOT NULL DEFAULT 0,
  starred_at        INTEGER,
  pinned            INTEGER NOT NULL DEFAULT 0,
  pinned_at         INTEGER
) STRICT;

INSERT INTO message_new (id, chat_id, gateway_id, from_me, sender_id, at, kind, text, media_id, raw_kind, raw, status,
                         sent_at, delivered_at, read_at, failure)
SELECT id, chat_id, gateway_id, from_me, sender_id, at, kind, text, media_id, raw_kind, raw, status,
       sent_at, delivered_at, read_at, failure
  FROM message;

-- A number that was given once is not given again.
DELETE FROM sqlite_sequence WHERE name = 'message_new';
INSERT INTO sqlite_sequence (name, seq) SELECT 'message_new', seq FROM sqlite_sequence WHERE name = 'message';

DROP TABLE message;
ALTER TABLE message_new RENAME TO message;

CREATE UNIQUE INDEX message_gateway_id ON message (chat_id, gateway_id) WHERE gateway_id IS NOT NULL;
CREATE INDEX message_in_order ON message (chat_id, at, id);
CREATE INDEX message_own_gateway_id ON message (gateway_id) WHERE from_me = 1 AND gateway_id IS NOT NULL;
CREATE INDEX message_media ON message (media_id) WHERE media_id IS NOT NULL;
CREATE INDEX message_starred ON message (at, id) WHERE starred = 1;
CREATE INDEX message_pinned ON message (chat_id, at, id) WHERE pinned = 1;

ALTER TABLE media ADD COLUMN seconds INTEGER;
ALTER TABLE media ADD COLUMN waveform BLOB;
ALTER TABLE media ADD COLUMN told_sha256 TEXT;
ALTER TABLE media ADD COLUMN added_at INTEGER NOT NULL DEFAULT 0;

CREATE TABLE message_edit (
  message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  at         INTEGER NOT NULL,
  kind       TEXT    NOT NULL,
  text       TEXT,
  data       TEXT,
  PRIMARY KEY (message_id, at)
) STRICT, WITHOUT ROWID;

CREATE TABLE reaction (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  sender_id  INTEGER REFERENCES address (id),
  emoji      TEXT,
  at         INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX reaction_of ON reaction (message_id, coalesce(sender_id, 0));

CREATE TABLE vote (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  sender_id  INTEGER REFERENCES address (id),
  options    TEXT    NOT NULL,
  at         INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX vote_of ON vote (message_id, coalesce(sender_id, 0));

CREATE TABLE change_parked (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  device_id  INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
  chat       TEXT,
  gateway_id TEXT    NOT NULL,
  what       TEXT    NOT NULL,
  by_address TEXT,
  at         INTEGER NOT NULL,
  payload    TEXT    NOT NULL,
  parked_at  INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX change_parked_once ON change_parked (device_id, gateway_id, what, coalesce(by_address, ''), at, coalesce(chat, ''));
