-- The first shape of the store. Documented in ../schema.sql, which a test holds equal to what the migrations make.

CREATE TABLE device (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  gateway       TEXT    NOT NULL,
  name          TEXT    NOT NULL,
  url           TEXT,
  secret_key    TEXT    NOT NULL UNIQUE,
  own_address   TEXT,
  linked        INTEGER NOT NULL DEFAULT 0,
  synced_at     INTEGER,
  polled_until  INTEGER,
  last_event_at INTEGER,
  last_ack_at   INTEGER,
  created_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE address (
  id    INTEGER PRIMARY KEY AUTOINCREMENT,
  value TEXT    NOT NULL UNIQUE,
  name  TEXT
) STRICT;

CREATE TABLE media (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  device_id   INTEGER REFERENCES device (id) ON DELETE CASCADE,
  gateway_ref TEXT,
  mime        TEXT    NOT NULL,
  bytes       INTEGER,
  width       INTEGER,
  height      INTEGER,
  file_name   TEXT,
  sha256      TEXT,
  state       TEXT    NOT NULL CHECK (state IN ('remote', 'fetching', 'ready', 'failed'))
) STRICT;

CREATE INDEX media_remote ON media (device_id, id) WHERE state = 'remote';

CREATE TABLE chat (
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  device_id       INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
  address         TEXT    NOT NULL,
  kind            TEXT    NOT NULL,
  name            TEXT,
  name_guessed    INTEGER NOT NULL DEFAULT 0,
  last_message_id INTEGER,
  last_at         INTEGER NOT NULL DEFAULT 0,
  unread          INTEGER NOT NULL DEFAULT 0,
  read_up_to      INTEGER NOT NULL DEFAULT 0,
  read_to_tell    TEXT,
  pinned          INTEGER NOT NULL DEFAULT 0,
  archived        INTEGER NOT NULL DEFAULT 0,
  muted_until     INTEGER NOT NULL DEFAULT 0,
  draft           TEXT,
  UNIQUE (device_id, address)
) STRICT;

CREATE INDEX chat_in_order ON chat (archived, pinned, last_at, id);
CREATE INDEX chat_unread ON chat (archived, pinned, last_at, id) WHERE unread > 0;
CREATE INDEX chat_read_to_tell ON chat (device_id) WHERE read_to_tell IS NOT NULL;

CREATE TABLE message (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  chat_id      INTEGER NOT NULL REFERENCES chat (id) ON DELETE CASCADE,
  gateway_id   TEXT,
  from_me      INTEGER NOT NULL,
  sender_id    INTEGER REFERENCES address (id),
  at           INTEGER NOT NULL,
  kind         TEXT    NOT NULL CHECK (kind IN ('text', 'image', 'unknown')),
  text         TEXT,
  media_id     INTEGER REFERENCES media (id),
  raw_kind     TEXT,
  raw          TEXT,
  status       INTEGER,
  sent_at      INTEGER,
  delivered_at INTEGER,
  read_at      INTEGER,
  failure      TEXT
) STRICT;

CREATE UNIQUE INDEX message_gateway_id ON message (chat_id, gateway_id) WHERE gateway_id IS NOT NULL;
CREATE INDEX message_in_order ON message (chat_id, at, id);
CREATE INDEX message_own_gateway_id ON message (gateway_id) WHERE from_me = 1 AND gateway_id IS NOT NULL;
CREATE INDEX message_media ON message (media_id) WHERE media_id IS NOT NULL;

CREATE TABLE outbox (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  message_id     INTEGER UNIQUE REFERENCES message (id) ON DELETE SET NULL,
  chat_id        INTEGER NOT NULL REFERENCES chat (id) ON DELETE CASCADE,
  device_id      INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
  client_id      TEXT    NOT NULL UNIQUE,
  state          TEXT    NOT NULL CHECK (state IN ('ready', 'in_flight', 'uncertain', 'done', 'dead', 'discarded')),
  attempts       INTEGER NOT NULL DEFAULT 0,
  next_at        INTEGER NOT NULL,
  place          INTEGER NOT NULL UNIQUE,
  claimed_at     INTEGER,
  looks          INTEGER NOT NULL DEFAULT 0,
  looked_at      INTEGER,
  needs_operator INTEGER NOT NULL DEFAULT 0,
  failure        TEXT,
  created_at     INTEGER NOT NULL
) STRICT;

CREATE INDEX outbox_open ON outbox (device_id, state, place) WHERE state = 'ready' OR state = 'in_flight' OR state = 'uncertain';
CREATE INDEX outbox_in_chat ON outbox (chat_id, state, place);

CREATE TABLE receipt_parked (
  device_id  INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
  gateway_id TEXT    NOT NULL,
  status     INTEGER NOT NULL,
  at         INTEGER NOT NULL,
  PRIMARY KEY (device_id, gateway_id, status)
) STRICT, WITHOUT ROWID;

CREATE TABLE raw_event (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  device_id INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
  at        INTEGER NOT NULL,
  raw_kind  TEXT    NOT NULL,
  raw       TEXT    NOT NULL
) STRICT;

CREATE TABLE setting (
  name  TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
