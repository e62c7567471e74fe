-- The outbox to its depth: uploads and actions beside sends, rows that depend on others, the undo window. Made anew, since
-- more than one row may belong to a message now.

CREATE TABLE outbox_new (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  kind           TEXT    NOT NULL,
  message_id     INTEGER REFERENCES message (id) ON DELETE SET NULL,
  chat_id        INTEGER NOT NULL REFERENCES chat (id) ON DELETE CASCADE,
  device_id      INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
  client_id      TEXT    NOT NULL UNIQUE,
  depends_on     INTEGER REFERENCES outbox (id) ON DELETE SET NULL,
  payload        TEXT,
  state          TEXT    NOT NULL CHECK (state IN ('ready', 'in_flight', 'uncertain', 'done', 'dead', 'discarded')),
  attempts       INTEGER NOT NULL DEFAULT 0,
  not_before     INTEGER NOT NULL DEFAULT 0,
  next_at        INTEGER NOT NULL,
  place          INTEGER NOT NULL UNIQUE,
  claimed_at     INTEGER,
  looks          INTEGER NOT NULL DEFAULT 0,
  looked_at      INTEGER,
  needs_operator INTEGER NOT NULL DEFAULT 0,
  awaits_echo    INTEGER NOT NULL DEFAULT 0,
  failure        TEXT,
  created_at     INTEGER NOT NULL
) STRICT;

INSERT INTO outbox_new (id, kind, message_id, chat_id, device_id, client_id, state, attempts, next_at, place, claimed_at, looks,
                        looked_at, needs_operator, failure, created_at)
SELECT id, 'send', message_id, chat_id, device_id, client_id, state, attempts, next_at, place, claimed_at, looks,
       looked_at, needs_operator, failure, created_at
  FROM outbox;

DELETE FROM sqlite_sequence WHERE name = 'outbox_new';
INSERT INTO sqlite_sequence (name, seq) SELECT 'outbox_new', seq FROM sqlite_sequence WHERE name = 'outbox';

DROP TABLE outbox;
ALTER TABLE outbox_new RENAME TO outbox;

CREATE UNIQUE INDEX outbox_send ON outbox (message_id) WHERE kind = 'send';
CREATE INDEX outbox_of_message ON outbox (message_id);
CREATE INDEX outbox_dependent ON outbox (depends_on) WHERE depends_on IS NOT NULL;
CREATE INDEX outbox_open ON outbox (device_id, state, place) WHERE state = 'ready' OR state = 'in_flight' OR state = 'uncertain';
CREATE INDEX outbox_in_chat ON outbox (chat_id, state, place);
CREATE INDEX outbox_awaits_echo ON outbox (chat_id) WHERE awaits_echo = 1;

ALTER TABLE chat ADD COLUMN draft_media_id INTEGER REFERENCES media (id) ON DELETE SET NULL;
ALTER TABLE chat ADD COLUMN draft_quoted_id INTEGER REFERENCES message (id) ON DELETE SET NULL;

CREATE INDEX chat_draft_media ON chat (draft_media_id) WHERE draft_media_id IS NOT NULL;
CREATE INDEX chat_draft_quoted ON chat (draft_quoted_id) WHERE draft_quoted_id IS NOT NULL;
