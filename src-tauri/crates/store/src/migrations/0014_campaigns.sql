-- Campaigns: what is to be said, to whom, and what became of each. Who does not want to be written to.

CREATE TABLE campaign (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  device_id    INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
  name         TEXT    NOT NULL,
  state        TEXT    NOT NULL CHECK (state IN ('draft', 'rehearsed', 'scheduled', 'running', 'paused', 'missed', 'finished', 'cancelled')),
  pause        TEXT, -- JSON: why it is paused
  plan         TEXT    NOT NULL, -- JSON: texts, files, limits
  plan_no      INTEGER NOT NULL DEFAULT 1, -- rises with each change of the plan or the audience
  rehearsed_no INTEGER, -- the plan_no that was rehearsed
  columns      TEXT    NOT NULL DEFAULT '[]', -- JSON: the headings of the recipients' cells
  source       TEXT    NOT NULL DEFAULT '[]', -- JSON: where its audience comes from
  starts_at    INTEGER, -- scheduled: when
  schedule     TEXT, -- JSON: the time as the shop's clock shows it, what is done when it is missed, how it repeats
  started_at   INTEGER,
  undo_until   INTEGER, -- a start may be undone until then; nothing is queued before
  resumed_at   INTEGER, -- when a person let it go on last: the brake looks at what came since
  ended_at     INTEGER,
  follows_id   INTEGER REFERENCES campaign (id) ON DELETE SET NULL, -- the one that it came from
  follows_as   TEXT CHECK (follows_as IN ('retry', 'repeat', 'copy')),
  created_at   INTEGER NOT NULL
) STRICT;

CREATE INDEX campaign_of_device ON campaign (device_id, id);
CREATE INDEX campaign_open ON campaign (state) WHERE state IN ('scheduled', 'running', 'paused', 'missed');
CREATE INDEX campaign_follows ON campaign (follows_id) WHERE follows_id IS NOT NULL;

-- One person of a campaign's audience. The row is the truth about them; nothing is counted elsewhere.
CREATE TABLE recipient (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  campaign_id  INTEGER NOT NULL REFERENCES campaign (id) ON DELETE CASCADE,
  place        INTEGER NOT NULL, -- their turn, from 0; the row of the list that they came from is in `row`
  row          INTEGER, -- the number that the spreadsheet shows beside it
  written      TEXT    NOT NULL, -- the number as it was written
  address      TEXT, -- whom it is sent to; NULL = no number
  person       TEXT, -- the same for all spellings of a number; NULL = no number
  cells        TEXT    NOT NULL DEFAULT '[]', -- JSON: what stands in their columns
  variant      INTEGER NOT NULL DEFAULT 0, -- which text, from 0
  state        TEXT    NOT NULL CHECK (state IN ('pending', 'queued', 'uncertain', 'sent', 'delivered', 'read', 'replied', 'failed', 'skipped', 'opted_out')),
  reason       TEXT, -- of failed and skipped
  chat_id      INTEGER REFERENCES chat (id) ON DELETE SET NULL,
  message_id   INTEGER REFERENCES message (id) ON DELETE SET NULL,
  tries        INTEGER NOT NULL DEFAULT 0, -- how often they were queued
  queued_at    INTEGER,
  sent_at      INTEGER,
  delivered_at INTEGER,
  read_at      INTEGER,
  replied_at   INTEGER,
  reply_id     INTEGER REFERENCES message (id) ON DELETE SET NULL, -- their first answer
  settled_at   INTEGER, -- of failed, skipped and opted out: when
  UNIQUE (campaign_id, place)
) STRICT;

CREATE INDEX recipient_by_state ON recipient (campaign_id, state, place);
CREATE UNIQUE INDEX recipient_once ON recipient (campaign_id, person) WHERE person IS NOT NULL AND state <> 'skipped';
CREATE INDEX recipient_queued ON recipient (campaign_id, queued_at) WHERE queued_at IS NOT NULL;
CREATE INDEX recipient_of_message ON recipient (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX recipient_of_reply ON recipient (reply_id) WHERE reply_id IS NOT NULL;
CREATE INDEX recipient_awaits_reply ON recipient (chat_id, sent_at) WHERE state IN ('sent', 'delivered', 'read');
CREATE INDEX recipient_replied ON recipient (replied_at, id) WHERE replied_at IS NOT NULL;
CREATE INDEX recipient_replied_of ON recipient (campaign_id, replied_at, id) WHERE replied_at IS NOT NULL;
CREATE INDEX recipient_of_chat ON recipient (chat_id, id) WHERE chat_id IS NOT NULL;
CREATE INDEX recipient_of_person ON recipient (person, queued_at) WHERE queued_at IS NOT NULL;

-- Once a campaign has started nobody joins or leaves its audience.
CREATE TRIGGER recipient_frozen_insert BEFORE INSERT ON recipient
WHEN (SELECT state FROM campaign WHERE id = NEW.campaign_id) NOT IN ('draft', 'rehearsed', 'scheduled')
BEGIN SELECT RAISE(ABORT, 'the audience is frozen'); END;

-- Who asked not to be written to any more, with the proof. Kept for ever; of an address there is one row.
CREATE TABLE opt_out (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  address    TEXT    NOT NULL UNIQUE, -- as they wrote from; looked up under every spelling and every address of the person
  state      TEXT    NOT NULL CHECK (state IN ('asked', 'out', 'not_meant', 'undone')), -- asked = a person decides
  wish       TEXT    NOT NULL CHECK (wish IN ('certain', 'ask', 'said')), -- said = somebody of the shop noted it
  device_id  INTEGER REFERENCES device (id) ON DELETE SET NULL,
  chat_id    INTEGER REFERENCES chat (id) ON DELETE SET NULL,
  gateway_id TEXT, -- of the message that says so
  text       TEXT, -- its words
  at         INTEGER NOT NULL, -- its time
  heard_at   INTEGER NOT NULL, -- when it was stored: nothing may be queued for this person after that
  decided_at INTEGER -- when somebody of the shop decided
) STRICT;

CREATE INDEX opt_out_to_decide ON opt_out (at) WHERE state = 'asked';
CREATE INDEX opt_out_of_chat ON opt_out (chat_id, at) WHERE chat_id IS NOT NULL;

-- Audiences that are used again.
CREATE TABLE segment (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  name       TEXT    NOT NULL UNIQUE COLLATE NOCASE,
  source     TEXT    NOT NULL, -- JSON: as in campaign
  created_at INTEGER NOT NULL
) STRICT;
