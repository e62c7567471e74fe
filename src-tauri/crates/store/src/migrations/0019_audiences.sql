-- People belong to an audience, and a campaign has one: it is exchanged at once, and what is not wanted any more goes in portions.

CREATE TABLE audience (
  id    INTEGER PRIMARY KEY AUTOINCREMENT,
  state TEXT    NOT NULL CHECK (state IN ('gathered', 'whole', 'left_over'))
) STRICT;

INSERT INTO audience (id, state) SELECT id, 'whole' FROM campaign;

CREATE INDEX audience_to_go ON audience (id) WHERE state = 'left_over';

ALTER TABLE campaign ADD COLUMN audience_id INTEGER REFERENCES audience (id);

UPDATE campaign SET audience_id = id;

CREATE UNIQUE INDEX campaign_audience ON campaign (audience_id);

CREATE TABLE recipient_new (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  audience_id  INTEGER NOT NULL REFERENCES audience (id),
  place        INTEGER NOT NULL,
  row          INTEGER,
  written      TEXT    NOT NULL,
  address      TEXT,
  person       TEXT,
  cells        TEXT    NOT NULL DEFAULT '[]',
  variant      INTEGER NOT NULL DEFAULT 0,
  state        TEXT    NOT NULL CHECK (state IN ('pending', 'queued', 'uncertain', 'sent', 'delivered', 'read', 'replied', 'failed', 'skipped', 'opted_out')),
  reason       TEXT,
  chat_id      INTEGER REFERENCES chat (id) ON DELETE SET NULL,
  message_id   INTEGER REFERENCES message (id) ON DELETE SET NULL,
  tries        INTEGER NOT NULL DEFAULT 0,
  queued_at    INTEGER,
  sent_at      INTEGER,
  delivered_at INTEGER,
  read_at      INTEGER,
  replied_at   INTEGER,
  reply_id     INTEGER REFERENCES message (id) ON DELETE SET NULL,
  settled_at   INTEGER,
  held         INTEGER NOT NULL DEFAULT 0,
  UNIQUE (audience_id, place)
) STRICT;

INSERT INTO recipient_new
  SELECT id, campaign_id, place, row, written, address, person, cells, variant, state, reason, chat_id, message_id, tries,
         queued_at, sent_at, delivered_at, read_at, replied_at, reply_id, settled_at, held
    FROM recipient;

-- No number of a recipient is used again: what waits in the outbox is known by it.
UPDATE sqlite_sequence SET seq = (SELECT seq FROM sqlite_sequence WHERE name = 'recipient')
 WHERE name = 'recipient_new' AND EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'recipient');
INSERT INTO sqlite_sequence (name, seq)
  SELECT 'recipient_new', seq FROM sqlite_sequence
   WHERE name = 'recipient' AND NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'recipient_new');

DROP TABLE recipient;
ALTER TABLE recipient_new RENAME TO recipient;

CREATE INDEX recipient_by_state ON recipient (audience_id, state, place);
CREATE UNIQUE INDEX recipient_once ON recipient (audience_id, person) WHERE person IS NOT NULL AND state <> 'skipped';
CREATE INDEX recipient_held ON recipient (audience_id) WHERE held = 1;
CREATE INDEX recipient_queued ON recipient (audience_id, queued_at) WHERE queued_at IS NOT NULL;
CREATE INDEX recipient_of_message ON recipient (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX recipient_of_reply ON recipient (reply_id) WHERE reply_id IS NOT NULL;
CREATE INDEX recipient_awaits_reply ON recipient (chat_id, sent_at) WHERE state IN ('sent', 'delivered', 'read');
CREATE INDEX recipient_replied ON recipient (replied_at, id) WHERE replied_at IS NOT NULL;
CREATE INDEX recipient_replied_of ON recipient (audience_id, replied_at, id) WHERE replied_at IS NOT NULL;
CREATE INDEX recipient_of_chat ON recipient (chat_id, id) WHERE chat_id IS NOT NULL;
CREATE INDEX recipient_of_person ON recipient (person, queued_at) WHERE queued_at IS NOT NULL;

CREATE TRIGGER recipient_frozen_insert BEFORE INSERT ON recipient
WHEN (SELECT state FROM campaign WHERE audience_id = NEW.audience_id) NOT IN ('draft', 'rehearsed', 'scheduled')
BEGIN SELECT RAISE(ABORT, 'the audience is frozen'); END;

CREATE TRIGGER recipient_frozen_delete BEFORE DELETE ON recipient
WHEN EXISTS (SELECT 1 FROM campaign WHERE audience_id = OLD.audience_id)
BEGIN SELECT RAISE(ABORT, 'nobody is taken out of an audience'); END;

CREATE TRIGGER campaign_frozen_audience BEFORE UPDATE OF audience_id ON campaign
WHEN OLD.state NOT IN ('draft', 'rehearsed', 'scheduled')
BEGIN SELECT RAISE(ABORT, 'the audience is frozen'); END;

DROP TABLE audience_staged;
