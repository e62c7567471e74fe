-- Every table and column of the store, with what it means. Documentation: a test holds it equal to what the migrations make.
-- Times: milliseconds since 1970-01-01 UTC. Booleans: 0 and 1.

-- One WhatsApp number linked through one gateway.
CREATE TABLE device (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  gateway       TEXT    NOT NULL, -- the driver's word: whapi, practice, …
  name          TEXT    NOT NULL, -- given by the shop
  url           TEXT, -- where the gateway is; NULL = the driver's default
  secret_key    TEXT    NOT NULL UNIQUE, -- under which the keyring holds the token, or several secrets; random, so that no other file ever meets it
  own_address   TEXT, -- the linked number; NULL = never linked, or its gateway has not told
  linked        INTEGER NOT NULL DEFAULT 0, -- 1 = it was linked when we last heard
  synced_at     INTEGER, -- when the first sync of this link ended; NULL = to be done
  polled_until  INTEGER, -- polling has seen everything up to this time of the gateway's
  last_event_at INTEGER, -- when something last came in
  last_ack_at   INTEGER, -- when something of ours was last acknowledged
  created_at    INTEGER NOT NULL, -- when it was added
  deaf_since    INTEGER, -- since when it tells us nothing though it should; NULL = it tells
  restricted_since INTEGER, -- when it was last told that WhatsApp restricts it, so that it lasts as long as it does; NULL = it does not
  restricted_until INTEGER, -- until when, if told
  link_number   INTEGER NOT NULL DEFAULT 1, -- rises with each new link
  sync_cursor   TEXT, -- where the list of chats of this link's first sync goes on; the engine's own word
  poll_cursor   TEXT, -- where the poll goes on that was cut short; the engine's own word
  live_from     INTEGER, -- when, by the gateway's clock, the first sync of this number began: what was written before is history; NULL = it has not begun, or was before that was kept
  number_no     INTEGER NOT NULL DEFAULT 0, -- rises with each other number that is linked behind it
  own_since     INTEGER, -- when the number that is linked now was first seen; NULL = it has been here from the first, or was before that was kept
  own_after     INTEGER NOT NULL DEFAULT 0, -- messages up to this one came here before that
  hold_since    INTEGER, -- when the gateway last asked for a pause of so long; NULL = it has not
  hold_until    INTEGER, -- until when, by our clock, nothing is sent for that
  own_unproven  INTEGER NOT NULL DEFAULT 0, -- may another number be linked since it was last seen? 0 = no; 1 = after an unlinking, or after secrets of which nobody knows whether they are others; 2 = after other secrets, or after a call that told another number late
  own_listed    TEXT -- the number under which its gateway lists it, where that says nothing of which one is linked; NULL = it lists none, or tells which one is linked
) STRICT;

-- What a device's gateway asks for beside its address and its secrets.
CREATE TABLE device_field (
  device_id INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
  name      TEXT    NOT NULL, -- the field's word: instance, generation
  value     TEXT    NOT NULL,
  PRIMARY KEY (device_id, name)
) STRICT, WITHOUT ROWID;

-- The way in from the internet that a shop brings for a device, and what its gateway was told of it.
CREATE TABLE public_way (
  device_id INTEGER NOT NULL PRIMARY KEY REFERENCES device (id) ON DELETE CASCADE,
  address   TEXT, -- where the shop's tunnel begins; NULL = it has none (any more)
  told      TEXT, -- the address that the gateway was told, noted before it is told; NULL = none, or it was taken back
  port      INTEGER, -- the port of ours to which the address is known to lead; NULL = none
  told_port INTEGER -- the same of the address that the gateway was told
) STRICT;

-- Everybody who ever wrote, as WhatsApp writes them; never rewritten.
CREATE TABLE address (
  id    INTEGER PRIMARY KEY AUTOINCREMENT,
  value TEXT    NOT NULL UNIQUE, -- digits@s.whatsapp.net, digits@lid, …
  name  TEXT -- the name they gave themselves, as last told
) STRICT;

-- Somebody who has more than one address. Who has one only has no row.
CREATE TABLE person (
  id INTEGER PRIMARY KEY AUTOINCREMENT
) STRICT;

-- The addresses that a gateway said to be one person's. Other spellings of a number are found without being here.
CREATE TABLE person_address (
  address    TEXT    NOT NULL PRIMARY KEY,
  person_id  INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  told_at    INTEGER NOT NULL DEFAULT 0, -- when it was told that it is this person's; 0 = before that was kept
  told_after INTEGER NOT NULL DEFAULT 0 -- the newest message that was here then, whatever the clock showed
) STRICT, WITHOUT ROWID;

CREATE INDEX person_address_of ON person_address (person_id);

-- What the shop notes about somebody. It is nobody's device's: it stays when one is removed.
CREATE TABLE note (
  address TEXT    NOT NULL PRIMARY KEY, -- one of the person's addresses, or the group's
  text    TEXT    NOT NULL, -- never blank
  at      INTEGER NOT NULL -- when it was written
) STRICT, WITHOUT ROWID;

-- What a phone's address book says of somebody, and what that person's profile does.
CREATE TABLE contact (
  device_id  INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
  address    TEXT    NOT NULL,
  saved_name TEXT, -- as saved on the phone
  push_name  TEXT, -- as they call themselves
  business   INTEGER, -- 1 = a business account; NULL = not told
  PRIMARY KEY (device_id, address)
) STRICT, WITHOUT ROWID;

CREATE INDEX contact_by_name ON contact (device_id, saved_name COLLATE NOCASE, address) WHERE saved_name IS NOT NULL;

-- Where the pictures of people and groups are. Their bytes are small copies in a folder, made anew when one is missing.
CREATE TABLE picture (
  id        INTEGER PRIMARY KEY AUTOINCREMENT, -- a new one when the picture moves
  device_id INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
  address   TEXT    NOT NULL, -- whose: of a person, or of a group
  url       TEXT    NOT NULL, -- where it is, as the gateway tells it
  UNIQUE (device_id, address)
) STRICT;

-- A file that belongs to a message: picture, film, sound, document. Its bytes lie in the media folder, by their hash.
CREATE TABLE media (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  device_id   INTEGER REFERENCES device (id) ON DELETE CASCADE, -- NULL = chosen by the operator, not sent yet
  gateway_ref TEXT, -- the gateway's id for fetching it; NULL = it is ours
  mime        TEXT    NOT NULL, -- by content once it is here, as told before
  bytes       INTEGER, -- its size
  width       INTEGER, -- pixels
  height      INTEGER, -- pixels
  file_name   TEXT, -- as the operator chose it, or as its sender calls it
  sha256      TEXT, -- of the bytes, once they are here
  state       TEXT    NOT NULL CHECK (state IN ('remote', 'fetching', 'ready', 'failed')), -- remote = not fetched; fetching; ready; failed = could not be fetched
  seconds     INTEGER, -- how long a sound or film lasts
  waveform    BLOB, -- loudness of a voice message over its time, a byte each, 0 to 100
  told_sha256 TEXT, -- of the bytes, as the gateway tells it before they are here
  added_at    INTEGER NOT NULL DEFAULT 0, -- when it was noted; 0 = before that was kept
  wanted      INTEGER NOT NULL DEFAULT 0, -- 1 = a person asked for it: it is fetched however large it is
  let_go      INTEGER NOT NULL DEFAULT 0 -- 1 = it was here and made room: fetched again only when somebody looks at it
) STRICT;

CREATE INDEX media_remote ON media (device_id, id) WHERE state = 'remote';
CREATE INDEX media_by_hash ON media (sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX media_of_device ON media (device_id) WHERE device_id IS NOT NULL;
CREATE INDEX media_fetched ON media (id) WHERE state = 'ready' AND gateway_ref IS NOT NULL;

-- One chat of one device, with what the list shows.
CREATE TABLE chat (
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  device_id       INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
  address         TEXT    NOT NULL, -- as WhatsApp writes it
  kind            TEXT    NOT NULL, -- person, group, channel, broadcast, other
  name            TEXT, -- the best that was told: see name_rank
  last_message_id INTEGER, -- the newest message; NULL = none
  last_at         INTEGER NOT NULL DEFAULT 0, -- its time: the order of the list
  unread          INTEGER NOT NULL DEFAULT 0, -- how many messages nobody here has seen
  read_up_to      INTEGER NOT NULL DEFAULT 0, -- everything up to this time was read on the phone: we answered from there
  read_to_tell    TEXT, -- the gateway's id of the message up to which "read" is still to be told
  pinned          INTEGER NOT NULL DEFAULT 0,
  archived        INTEGER NOT NULL DEFAULT 0,
  muted_until     INTEGER NOT NULL DEFAULT 0, -- 9223372036854775807 = for ever
  draft           TEXT, -- what the operator was writing
  draft_media_id  INTEGER REFERENCES media (id) ON DELETE SET NULL, -- with which file
  draft_quoted_id INTEGER REFERENCES message (id) ON DELETE SET NULL, -- in answer to what
  name_rank       INTEGER NOT NULL DEFAULT 0, -- 0 none, 1 what the writer calls himself, 2 the same told as a contact's, 3 told as the chat's, 4 saved on the phone
  description     TEXT, -- of a group: what it is for
  read_only       INTEGER NOT NULL DEFAULT 0, -- 1 = only admins may write
  marked_unread   INTEGER NOT NULL DEFAULT 0, -- 1 = a person wants to see it as unread, whatever was read
  triage          TEXT NOT NULL DEFAULT 'open' CHECK (triage IN ('open', 'waiting', 'snoozed', 'done')), -- ours alone: domain::triage
  snoozed_until   INTEGER, -- when a snoozed one opens
  synced_link     INTEGER NOT NULL DEFAULT 0, -- the number of the link whose first sync has fetched its messages
  pruned_until    INTEGER NOT NULL DEFAULT 0, -- older messages were removed by the shop's choice: history does not bring them back
  counted_until   INTEGER NOT NULL DEFAULT 0, -- up to this time the first sync took over the gateway's count of unread messages: what comes of it later is counted already
  missed_link     INTEGER NOT NULL DEFAULT 0, -- the number of the link whose first sync could not have its messages: they are fetched later
  members_told    INTEGER NOT NULL DEFAULT 0, -- of a group: 1 = a gateway has told all who are in it; who came or left since is told one by one
  waiting_since   INTEGER, -- when the first message of theirs was written that we have not answered; NULL = nobody waits: tables/chat/waits.rs
  UNIQUE (device_id, address)
) STRICT;

CREATE INDEX chat_in_order ON chat (archived, pinned, last_at, id);
CREATE INDEX chat_unread ON chat (archived, pinned, last_at, id, kind, device_id, unread, marked_unread)
 WHERE unread > 0 OR marked_unread = 1;
CREATE INDEX chat_of_device ON chat (device_id, archived, pinned, last_at, id);
CREATE INDEX chat_groups ON chat (archived, pinned, last_at, id) WHERE kind = 'group';
CREATE INDEX chat_triage ON chat (triage, archived, pinned, last_at, id);
CREATE INDEX chat_waiting ON chat (archived, waiting_since, id) WHERE waiting_since IS NOT NULL AND kind = 'person' AND triage = 'open';
CREATE INDEX chat_snoozed ON chat (snoozed_until) WHERE snoozed_until IS NOT NULL;
CREATE INDEX chat_read_to_tell ON chat (device_id) WHERE read_to_tell IS NOT NULL;
CREATE INDEX chat_draft_media ON chat (draft_media_id) WHERE draft_media_id IS NOT NULL;
CREATE INDEX chat_draft_quoted ON chat (draft_quoted_id) WHERE draft_quoted_id IS NOT NULL;

-- Where each word of a chat's name stands, by the chat's number.
CREATE VIRTUAL TABLE chat_search USING fts5(
  name,
  content = '',
  columnsize = 0,
  prefix = '1 2 3',
  tokenize = "unicode61 remove_diacritics 2"
);

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

-- A label: of the phone, or ours where the gateway has none.
CREATE TABLE label (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  device_id    INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
  gateway_id   TEXT, -- NULL = ours alone
  name         TEXT, -- NULL = it was mentioned, not told
  colour       TEXT, -- the gateway's word
  chats        INTEGER NOT NULL DEFAULT 0, -- how many listed chats bear it; kept by the triggers below
  unread_chats INTEGER NOT NULL DEFAULT 0, -- how many of them are unread
  UNIQUE (device_id, gateway_id)
) STRICT;

-- Which chat bears which label, with a copy of what the list is ordered by: a label's page is read from its own index.
CREATE TABLE chat_label (
  label_id INTEGER NOT NULL REFERENCES label (id) ON DELETE CASCADE,
  chat_id  INTEGER NOT NULL REFERENCES chat (id) ON DELETE CASCADE,
  archived INTEGER NOT NULL, -- these as in chat
  pinned   INTEGER NOT NULL,
  last_at  INTEGER NOT NULL,
  unread   INTEGER NOT NULL, -- 1 = it is listed as unread
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

-- What was changed here about a chat: it holds here at once, whatever the gateway says, until the gateway has been told.
CREATE TABLE chat_wish (
  chat_id   INTEGER NOT NULL REFERENCES chat (id) ON DELETE CASCADE,
  what      TEXT    NOT NULL, -- archived, pinned, muted, unread, label
  label_id  INTEGER NOT NULL DEFAULT 0, -- which label; 0 for everything else
  device_id INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
  value     INTEGER NOT NULL, -- 0, 1, or until when it is muted
  to_tell   INTEGER NOT NULL, -- 1 = the gateway is to be told; 0 = it cannot be: it holds here alone
  turn      INTEGER NOT NULL, -- rises with each change: what was told is not what is wished now
  attempts  INTEGER NOT NULL DEFAULT 0,
  next_at   INTEGER NOT NULL, -- not before this time
  PRIMARY KEY (chat_id, what, label_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX chat_wish_to_tell ON chat_wish (device_id, next_at) WHERE to_tell = 1;

-- Who is in a group.
CREATE TABLE group_member (
  chat_id    INTEGER NOT NULL REFERENCES chat (id) ON DELETE CASCADE,
  address_id INTEGER NOT NULL REFERENCES address (id),
  rank       TEXT    NOT NULL CHECK (rank IN ('member', 'admin', 'creator')),
  PRIMARY KEY (chat_id, address_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX group_member_of ON group_member (address_id);

-- A message of a chat, theirs or ours.
CREATE TABLE message (
  id                INTEGER PRIMARY KEY AUTOINCREMENT,
  chat_id           INTEGER NOT NULL REFERENCES chat (id) ON DELETE CASCADE,
  gateway_id        TEXT, -- NULL until a gateway accepted it
  from_me           INTEGER NOT NULL, -- 1 = written by the linked number
  sender_id         INTEGER REFERENCES address (id), -- who wrote it, if not us
  at                INTEGER NOT NULL, -- the gateway's clock; ours for what was written here
  kind              TEXT    NOT NULL, -- the domain's word: text, image, poll, …; unknown
  text              TEXT, -- its words: the text, the caption, the question, the names on cards
  data              TEXT, -- what the kind has besides words (place, cards, poll, choices, link preview), as JSON
  media_id          INTEGER REFERENCES media (id),
  raw_kind          TEXT, -- the gateway's word for a kind we do not show
  raw               TEXT, -- the whole of it, as JSON
  quoted_gateway_id TEXT, -- the gateway's id of the message that it answers
  quoted_text       TEXT, -- the words of that message, as told with this one
  forwarded         INTEGER NOT NULL DEFAULT 0, -- 1 = sent on from another chat
  mentions          TEXT, -- who is named with an @: addresses as a JSON list; NULL = nobody
  status            INTEGER, -- rank: 0 queued, 1 sent, 2 delivered, 3 read, 4 played; NULL for theirs
  sent_at           INTEGER,
  delivered_at      INTEGER,
  read_at           INTEGER,
  failure           TEXT, -- why it failed: a word of FailureCode
  edited_at         INTEGER, -- when it got its present words; NULL = never edited
  deleted_at        INTEGER, -- when it was deleted for everybody; what it said is erased
  starred           INTEGER NOT NULL DEFAULT 0,
  starred_at        INTEGER, -- since when that holds, by the gateway's clock; NULL = never told
  pinned            INTEGER NOT NULL DEFAULT 0, -- 1 = at the top of its chat
  pinned_at         INTEGER -- as starred_at
) STRICT;

CREATE UNIQUE INDEX message_gateway_id ON message (chat_id, gateway_id) WHERE gateway_id IS NOT NULL;
CREATE INDEX message_in_order ON message (chat_id, at, id);
CREATE INDEX message_awaits_receipt ON message (gateway_id)
  WHERE from_me = 1 AND gateway_id IS NOT NULL AND (status < 3 OR (status = 3 AND kind = 'voice'));
CREATE INDEX message_files ON message (chat_id, at, id) WHERE media_id IS NOT NULL;
CREATE INDEX message_media ON message (media_id) WHERE media_id IS NOT NULL;
CREATE INDEX message_starred ON message (at, id) WHERE starred = 1;
CREATE INDEX message_pinned ON message (chat_id, at, id) WHERE pinned = 1;

-- Where each word of a message stands. A row's number is the message's second and number, so that newest first is its order backwards.
CREATE VIRTUAL TABLE message_search USING fts5(
  text, -- as in message
  chat, -- a word that stands for the chat: see tables/search/index.rs
  content = '', -- the words are in message
  columnsize = 0,
  prefix = '2 3',
  tokenize = "unicode61 remove_diacritics 2"
);

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

-- What a message said before it was edited.
CREATE TABLE message_edit (
  message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  at         INTEGER NOT NULL, -- since when it said so
  kind       TEXT    NOT NULL, -- kind, text and data as in message
  text       TEXT,
  data       TEXT,
  PRIMARY KEY (message_id, at)
) STRICT, WITHOUT ROWID;

-- Who reacted to a message: one row a person, the latest by the gateway's clock.
CREATE TABLE reaction (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  sender_id  INTEGER REFERENCES address (id), -- NULL = us
  emoji      TEXT, -- NULL = taken back
  at         INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX reaction_of ON reaction (message_id, coalesce(sender_id, 0));

-- What was chosen in a poll: one row a person, the latest by the gateway's clock.
CREATE TABLE vote (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  sender_id  INTEGER REFERENCES address (id), -- NULL = us
  options    TEXT    NOT NULL, -- all that the person chose, as a JSON list; [] = nothing any more
  at         INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX vote_of ON vote (message_id, coalesce(sender_id, 0));

-- How far a message of ours has come with each member of its group, where that is told: one row a member. What the message itself has
-- reached does not follow from it.
CREATE TABLE member_receipt (
  message_id   INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  member_id    INTEGER NOT NULL REFERENCES address (id),
  delivered_at INTEGER, -- the earliest that was told; NULL = it was not told
  read_at      INTEGER,
  played_at    INTEGER, -- a voice message was heard
  PRIMARY KEY (message_id, member_id)
) STRICT, WITHOUT ROWID;

-- What was done to a message, told before the message itself.
CREATE TABLE change_parked (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  device_id  INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
  chat       TEXT, -- the chat's address; NULL = not told
  gateway_id TEXT    NOT NULL, -- the message's
  what       TEXT    NOT NULL, -- edited, deleted, reaction, votes, starred, pinned
  by_address TEXT, -- who did it; NULL = us
  at         INTEGER NOT NULL, -- when, by the gateway's clock
  payload    TEXT    NOT NULL, -- the rest of it, as JSON
  parked_at  INTEGER NOT NULL -- when it came here
) STRICT;

CREATE UNIQUE INDEX change_parked_once ON change_parked (device_id, gateway_id, what, coalesce(by_address, ''), at, coalesce(chat, ''));
CREATE INDEX change_parked_by_age ON change_parked (parked_at);

-- Everything that we mean to send or do, stored before anything is sent. States and kinds: domain::outbox.
CREATE TABLE outbox (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  kind           TEXT    NOT NULL, -- send, upload, edit, delete, react, star, pin
  message_id     INTEGER REFERENCES message (id) ON DELETE SET NULL, -- NULL = discarded, or the message is gone
  chat_id        INTEGER NOT NULL REFERENCES chat (id) ON DELETE CASCADE,
  device_id      INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
  client_id      TEXT    NOT NULL UNIQUE, -- chosen by whoever asked for it: asking twice is sending once
  depends_on     INTEGER REFERENCES outbox (id) ON DELETE SET NULL, -- claimed only when that one is done
  payload        TEXT, -- JSON. Of a send: what is sent on. Of an upload: what the gateway calls the file. Of an action: the action
  state          TEXT    NOT NULL CHECK (state IN ('ready', 'in_flight', 'uncertain', 'done', 'dead', 'discarded')),
  attempts       INTEGER NOT NULL DEFAULT 0, -- counted before each is made
  not_before     INTEGER NOT NULL DEFAULT 0, -- until then it can be undone; 0 = it was not held
  next_at        INTEGER NOT NULL, -- not before this time
  place          INTEGER NOT NULL UNIQUE, -- its turn; a new one when the operator sends it again
  claimed_at     INTEGER, -- when the latest attempt began
  looks          INTEGER NOT NULL DEFAULT 0, -- how often an uncertain one was looked for; of a ready one: not 0 = it was uncertain
  looked_at      INTEGER, -- when last
  needs_operator INTEGER NOT NULL DEFAULT 0, -- 1 = looking did not settle it
  awaits_echo    INTEGER NOT NULL DEFAULT 0, -- 1 = a person says that it went, and the gateway has not shown it yet
  failure        TEXT, -- why it is dead or uncertain
  created_at     INTEGER NOT NULL,
  number_no      INTEGER NOT NULL DEFAULT 0 -- from which of the device's numbers it is to be sent: its number_no when it was asked for last
) STRICT;

CREATE UNIQUE INDEX outbox_send ON outbox (message_id) WHERE kind = 'send';
CREATE INDEX outbox_of_message ON outbox (message_id);
CREATE INDEX outbox_dependent ON outbox (depends_on) WHERE depends_on IS NOT NULL;
CREATE INDEX outbox_open ON outbox (device_id, state, place) WHERE state = 'ready' OR state = 'in_flight' OR state = 'uncertain';
CREATE INDEX outbox_in_chat ON outbox (chat_id, state, place);
CREATE INDEX outbox_awaits_echo ON outbox (chat_id) WHERE awaits_echo = 1;
CREATE INDEX outbox_sent ON outbox (device_id, claimed_at) WHERE kind = 'send' AND claimed_at IS NOT NULL;
CREATE INDEX outbox_to_forget ON outbox (created_at) WHERE state = 'discarded' OR (state = 'done' AND kind <> 'send');

-- Calls, as far as a gateway tells of them.
CREATE TABLE call (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  device_id  INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
  gateway_id TEXT    NOT NULL, -- the gateway's id of the call
  chat_id    INTEGER NOT NULL REFERENCES chat (id) ON DELETE CASCADE,
  caller_id  INTEGER NOT NULL REFERENCES address (id),
  at         INTEGER NOT NULL, -- when it began, by the gateway's clock
  outcome    TEXT    NOT NULL CHECK (outcome IN ('ringing', 'missed', 'cancelled', 'answered')),
  video      INTEGER NOT NULL, -- 1 = with picture
  seen       INTEGER NOT NULL DEFAULT 0, -- 1 = a person here has seen that it was missed
  UNIQUE (device_id, gateway_id)
) STRICT;

CREATE INDEX call_in_order ON call (at, id);
CREATE INDEX call_of_chat ON call (chat_id, at, id);
CREATE INDEX call_unseen ON call (device_id) WHERE seen = 0 AND outcome IN ('missed', 'cancelled');

-- Receipts that came before the message they speak of.
CREATE TABLE receipt_parked (
  device_id  INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
  gateway_id TEXT    NOT NULL,
  status     INTEGER NOT NULL, -- rank, as in message; -1 = given up by the gateway
  member     TEXT    NOT NULL DEFAULT '', -- the address of the member of a group who reports; '' = it is about the message
  at         INTEGER NOT NULL,
  PRIMARY KEY (device_id, gateway_id, status, member)
) STRICT, WITHOUT ROWID;

CREATE INDEX receipt_parked_by_age ON receipt_parked (at);

-- Messages of ours that a gateway took and then gave up, and a person took back or sent again: told of again, they are not shown again.
CREATE TABLE put_away (
  chat_id    INTEGER NOT NULL REFERENCES chat (id) ON DELETE CASCADE,
  gateway_id TEXT    NOT NULL, -- under which the gateway gave it up
  PRIMARY KEY (gateway_id, chat_id)
) STRICT, WITHOUT ROWID;

-- Events of kinds that we do not know, as they came.
CREATE TABLE raw_event (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  device_id INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
  at        INTEGER NOT NULL,
  raw_kind  TEXT    NOT NULL,
  raw       TEXT    NOT NULL,
  hash      TEXT -- SHA-256 of kind and event: told again, it is kept once; NULL = from before that was kept
) STRICT;

CREATE UNIQUE INDEX raw_event_once ON raw_event (device_id, hash) WHERE hash IS NOT NULL;
CREATE INDEX raw_event_by_age ON raw_event (at);

-- What a gateway said of numbers that were asked for: WhatsApp does not like strangers to be asked for again and again.
CREATE TABLE number_check (
  device_id  INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
  digits     TEXT    NOT NULL, -- the number, as it was asked for
  address    TEXT, -- where it is on WhatsApp; NULL = it is not
  checked_at INTEGER NOT NULL, -- by our clock
  PRIMARY KEY (device_id, digits)
) STRICT, WITHOUT ROWID;

-- Stories that were to be published. The row is there before the call is made: none goes twice.
CREATE TABLE story (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  device_id  INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
  client_id  TEXT    NOT NULL UNIQUE, -- chosen by whoever asked for it: asking twice is publishing once
  state      TEXT    NOT NULL CHECK (state IN ('publishing', 'published', 'refused', 'uncertain')), -- uncertain = it left, and no usable answer came
  gateway_id TEXT, -- once published
  at         INTEGER NOT NULL -- when it was asked for, later when the gateway took it
) STRICT;

CREATE INDEX story_publishing ON story (device_id) WHERE state = 'publishing';

-- The shop's choices.
CREATE TABLE setting (
  name  TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Chats whose messages are being removed in portions: those up to `through` are not shown any more.
CREATE TABLE emptying (
  chat_id INTEGER NOT NULL PRIMARY KEY REFERENCES chat (id) ON DELETE CASCADE,
  through INTEGER NOT NULL, -- the newest message's id when it was emptied
  gone    INTEGER NOT NULL -- 1 = the chat goes too; it is not listed any more
) STRICT;

-- Their messages that were still to be sent, or had failed, when the chat was emptied: they stay.
CREATE TABLE emptying_kept (
  message_id INTEGER NOT NULL PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
  chat_id    INTEGER NOT NULL REFERENCES chat (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX emptying_kept_of ON emptying_kept (chat_id);

-- Chats that were emptied or deleted on the phone: what a gateway tells a second time of what went with them is left out.
CREATE TABLE emptied (
  device_id INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
  address   TEXT    NOT NULL, -- of the chat, as it was
  until     INTEGER NOT NULL, -- when the newest message of the gateway's was written that went with it; -1 = only our own did
  PRIMARY KEY (device_id, address)
) STRICT, WITHOUT ROWID;

-- Of those, what was written in the very second of the newest message that went: gateways tell whole seconds, and what else bears that one came
-- after it. None = it is not known (the chat was emptied by an earlier version).
CREATE TABLE emptied_newest (
  device_id  INTEGER NOT NULL,
  address    TEXT    NOT NULL,
  gateway_id TEXT    NOT NULL,
  PRIMARY KEY (device_id, address, gateway_id),
  FOREIGN KEY (device_id, address) REFERENCES emptied (device_id, address) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- How much of a plan's calls a device has used: its gateway is asked so seldom that the rest lasts.
CREATE TABLE plan_use (
  device_id INTEGER NOT NULL PRIMARY KEY REFERENCES device (id) ON DELETE CASCADE,
  calls     INTEGER, -- so many a month; NULL = it has no limit
  asked_at  INTEGER NOT NULL, -- when the gateway said so
  since     INTEGER NOT NULL, -- when the month began
  used      INTEGER NOT NULL -- so many were made since
) STRICT;

-- Devices that were taken away, whose rows are being removed in portions: nothing of them is shown any more.
CREATE TABLE removing (
  device_id INTEGER NOT NULL PRIMARY KEY REFERENCES device (id) ON DELETE CASCADE
) STRICT;

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
  ended_at     INTEGER,
  follows_id   INTEGER REFERENCES campaign (id) ON DELETE SET NULL, -- the one that it came from
  follows_as   TEXT CHECK (follows_as IN ('retry', 'repeat', 'copy')),
  created_at   INTEGER NOT NULL,
  audience_id  INTEGER REFERENCES audience (id), -- its people; NULL = nobody was brought yet
  resumed_no   INTEGER NOT NULL DEFAULT 0, -- the newest turn when a person let it go on last: the brake looks at what came since
  family_id    INTEGER, -- of those that follow one another for whom they did not reach: the first, though it may be deleted; NULL = none does
  series_id    INTEGER, -- of a recurring one, its repetitions and their second tries: the first, though it may be deleted; NULL = there is one only
  withheld     INTEGER NOT NULL DEFAULT 0, -- 1 = missed, or started since, without having come to its time: its next one was not made
  people       INTEGER NOT NULL DEFAULT 0, -- how many its audience has, with those who are left out: the last of them may be lost with a damaged file
  name_column  INTEGER -- which of the columns holds the names, from 0; NULL = none is known to
) STRICT;

CREATE UNIQUE INDEX campaign_audience ON campaign (audience_id);
CREATE INDEX campaign_of_device ON campaign (device_id, id);
CREATE INDEX campaign_open ON campaign (state) WHERE state IN ('scheduled', 'running', 'paused', 'missed');
CREATE INDEX campaign_follows ON campaign (follows_id) WHERE follows_id IS NOT NULL;
CREATE INDEX campaign_family ON campaign (family_id) WHERE family_id IS NOT NULL;
CREATE INDEX campaign_series ON campaign (series_id) WHERE series_id IS NOT NULL;

-- People who are written to together. Nobody sees one that is still gathered; a campaign takes it over by naming it. One that is
-- left over is removed in portions, once no campaign is there that must not write to whom it reached.
CREATE TABLE audience (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  state     TEXT    NOT NULL CHECK (state IN ('gathered', 'whole', 'left_over')), -- gathered = it is being; whole = a campaign has it
  family_id INTEGER -- left over: of the campaign that had it, as there
) STRICT;

CREATE INDEX audience_to_go ON audience (id) WHERE state = 'left_over';
CREATE INDEX audience_family ON audience (family_id) WHERE family_id IS NOT NULL;

-- One person of an audience. The row is the truth about them; but for how many there are, nothing is counted elsewhere.
CREATE TABLE recipient (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  audience_id  INTEGER NOT NULL REFERENCES audience (id),
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
  held         INTEGER NOT NULL DEFAULT 0, -- 1 = pending until a person decides whether they want no more
  queued_no    INTEGER, -- which turn of the campaign it was when they were queued last, from 1, whatever the clock showed
  UNIQUE (audience_id, place)
) STRICT;

CREATE INDEX recipient_by_state ON recipient (audience_id, state, place);
CREATE UNIQUE INDEX recipient_once ON recipient (audience_id, person) WHERE person IS NOT NULL AND state <> 'skipped';
CREATE INDEX recipient_held ON recipient (audience_id) WHERE held = 1;
CREATE INDEX recipient_queued ON recipient (audience_id, queued_at) WHERE queued_at IS NOT NULL;
CREATE INDEX recipient_in_turn ON recipient (audience_id, queued_no) WHERE queued_no IS NOT NULL;
CREATE INDEX recipient_of_message ON recipient (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX recipient_of_reply ON recipient (reply_id) WHERE reply_id IS NOT NULL;
CREATE INDEX recipient_awaits_reply ON recipient (chat_id, sent_at) WHERE state IN ('sent', 'delivered', 'read');
CREATE INDEX recipient_replied ON recipient (replied_at, id) WHERE replied_at IS NOT NULL;
CREATE INDEX recipient_replied_of ON recipient (audience_id, replied_at, id) WHERE replied_at IS NOT NULL;
CREATE INDEX recipient_of_chat ON recipient (chat_id, id) WHERE chat_id IS NOT NULL;
CREATE INDEX recipient_of_person ON recipient (person, queued_at) WHERE queued_at IS NOT NULL;
CREATE INDEX recipient_untold ON recipient (person) WHERE state = 'uncertain' AND queued_at IS NULL;

-- Once a campaign has started nobody joins its audience, nobody leaves it, and it has no other one.
CREATE TRIGGER recipient_frozen_insert BEFORE INSERT ON recipient
WHEN (SELECT state FROM campaign WHERE audience_id = NEW.audience_id) NOT IN ('draft', 'rehearsed', 'scheduled')
BEGIN SELECT RAISE(ABORT, 'the audience is frozen'); END;

CREATE TRIGGER recipient_frozen_delete BEFORE DELETE ON recipient
WHEN EXISTS (SELECT 1 FROM campaign WHERE audience_id = OLD.audience_id)
BEGIN SELECT RAISE(ABORT, 'nobody is taken out of an audience'); END;

CREATE TRIGGER campaign_frozen_audience BEFORE UPDATE OF audience_id ON campaign
WHEN OLD.state NOT IN ('draft', 'rehearsed', 'scheduled')
BEGIN SELECT RAISE(ABORT, 'the audience is frozen'); END;

-- Whom a number has blocked: no campaign of it writes to them. Looked up under every spelling and every address of the person.
CREATE TABLE block (
  device_id  INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
  address    TEXT    NOT NULL, -- as it was named
  at_gateway INTEGER NOT NULL, -- 1 = WhatsApp holds it, and its list is the truth; 0 = the shop alone does
  at         INTEGER NOT NULL, -- since when that is known here
  PRIMARY KEY (device_id, address)
) STRICT, WITHOUT ROWID;

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

-- A second copy, on other pages, of what no gateway can give back and a shop can least do without; kept by the triggers below.
CREATE TABLE spare (
  what TEXT NOT NULL, -- the table
  key  TEXT NOT NULL, -- the row's key in it
  row  TEXT NOT NULL, -- its columns, as JSON
  PRIMARY KEY (what, key)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER device_spared AFTER INSERT ON device BEGIN
  DELETE FROM spare WHERE what = 'device' AND key = CAST(NEW.id AS TEXT);
  INSERT INTO spare VALUES ('device', NEW.id, json_object('id', NEW.id, 'gateway', NEW.gateway, 'name', NEW.name, 'url', NEW.url,
    'secret_key', NEW.secret_key, 'own_address', NEW.own_address, 'linked', NEW.linked, 'live_from', NEW.live_from,
    'number_no', NEW.number_no, 'own_since', NEW.own_since, 'own_after', NEW.own_after, 'own_unproven', NEW.own_unproven,
    'own_listed', NEW.own_listed, 'created_at', NEW.created_at));
END;
CREATE TRIGGER device_spared_anew AFTER UPDATE OF gateway, name, url, secret_key, own_address, linked, live_from, number_no, own_since, own_after, own_unproven, own_listed ON device BEGIN
  DELETE FROM spare WHERE what = 'device' AND key = CAST(NEW.id AS TEXT);
  INSERT INTO spare VALUES ('device', NEW.id, json_object('id', NEW.id, 'gateway', NEW.gateway, 'name', NEW.name, 'url', NEW.url,
    'secret_key', NEW.secret_key, 'own_address', NEW.own_address, 'linked', NEW.linked, 'live_from', NEW.live_from,
    'number_no', NEW.number_no, 'own_since', NEW.own_since, 'own_after', NEW.own_after, 'own_unproven', NEW.own_unproven,
    'own_listed', NEW.own_listed, 'created_at', NEW.created_at));
END;
CREATE TRIGGER device_not_spared AFTER DELETE ON device BEGIN
  DELETE FROM spare WHERE what = 'device' AND key = CAST(OLD.id AS TEXT);
END;

CREATE TRIGGER device_field_spared AFTER INSERT ON device_field BEGIN
  DELETE FROM spare WHERE what = 'device_field' AND key = NEW.device_id || ' ' || NEW.name;
  INSERT INTO spare VALUES ('device_field', NEW.device_id || ' ' || NEW.name,
    json_object('device_id', NEW.device_id, 'name', NEW.name, 'value', NEW.value));
END;
CREATE TRIGGER device_field_spared_anew AFTER UPDATE ON device_field BEGIN
  DELETE FROM spare WHERE what = 'device_field' AND key IN (OLD.device_id || ' ' || OLD.name, NEW.device_id || ' ' || NEW.name);
  INSERT INTO spare VALUES ('device_field', NEW.device_id || ' ' || NEW.name,
    json_object('device_id', NEW.device_id, 'name', NEW.name, 'value', NEW.value));
END;
CREATE TRIGGER device_field_not_spared AFTER DELETE ON device_field BEGIN
  DELETE FROM spare WHERE what = 'device_field' AND key = OLD.device_id || ' ' || OLD.name;
END;

CREATE TRIGGER setting_spared AFTER INSERT ON setting BEGIN
  DELETE FROM spare WHERE what = 'setting' AND key = NEW.name;
  INSERT INTO spare VALUES ('setting', NEW.name, json_object('name', NEW.name, 'value', NEW.value));
END;
CREATE TRIGGER setting_spared_anew AFTER UPDATE ON setting BEGIN
  DELETE FROM spare WHERE what = 'setting' AND key IN (OLD.name, NEW.name);
  INSERT INTO spare VALUES ('setting', NEW.name, json_object('name', NEW.name, 'value', NEW.value));
END;
CREATE TRIGGER setting_not_spared AFTER DELETE ON setting BEGIN
  DELETE FROM spare WHERE what = 'setting' AND key = OLD.name;
END;

CREATE TRIGGER note_spared AFTER INSERT ON note BEGIN
  DELETE FROM spare WHERE what = 'note' AND key = NEW.address;
  INSERT INTO spare VALUES ('note', NEW.address, json_object('address', NEW.address, 'text', NEW.text, 'at', NEW.at));
END;
CREATE TRIGGER note_spared_anew AFTER UPDATE ON note BEGIN
  DELETE FROM spare WHERE what = 'note' AND key IN (OLD.address, NEW.address);
  INSERT INTO spare VALUES ('note', NEW.address, json_object('address', NEW.address, 'text', NEW.text, 'at', NEW.at));
END;
CREATE TRIGGER note_not_spared AFTER DELETE ON note BEGIN
  DELETE FROM spare WHERE what = 'note' AND key = OLD.address;
END;

CREATE TRIGGER opt_out_spared AFTER INSERT ON opt_out BEGIN
  DELETE FROM spare WHERE what = 'opt_out' AND key = CAST(NEW.id AS TEXT);
  INSERT INTO spare VALUES ('opt_out', NEW.id, json_object('id', NEW.id, 'address', NEW.address, 'state', NEW.state, 'wish', NEW.wish,
    'device_id', NEW.device_id, 'chat_id', NEW.chat_id, 'gateway_id', NEW.gateway_id, 'text', NEW.text, 'at', NEW.at,
    'heard_at', NEW.heard_at, 'decided_at', NEW.decided_at));
END;
CREATE TRIGGER opt_out_spared_anew AFTER UPDATE ON opt_out BEGIN
  DELETE FROM spare WHERE what = 'opt_out' AND key IN (CAST(OLD.id AS TEXT), CAST(NEW.id AS TEXT));
  INSERT INTO spare VALUES ('opt_out', NEW.id, json_object('id', NEW.id, 'address', NEW.address, 'state', NEW.state, 'wish', NEW.wish,
    'device_id', NEW.device_id, 'chat_id', NEW.chat_id, 'gateway_id', NEW.gateway_id, 'text', NEW.text, 'at', NEW.at,
    'heard_at', NEW.heard_at, 'decided_at', NEW.decided_at));
END;
CREATE TRIGGER opt_out_not_spared AFTER DELETE ON opt_out BEGIN
  DELETE FROM spare WHERE what = 'opt_out' AND key = CAST(OLD.id AS TEXT);
END;

CREATE TRIGGER unsent_spared AFTER INSERT ON outbox WHEN NEW.kind = 'send' AND NEW.state NOT IN ('done', 'discarded') BEGIN
  DELETE FROM spare WHERE what = 'message' AND key = NEW.message_id;
  INSERT INTO spare SELECT 'message', m.id, json_object('id', m.id, 'chat_id', m.chat_id, 'from_me', m.from_me, 'at', m.at, 'kind', m.kind,
      'text', m.text, 'data', m.data, 'media_id', m.media_id, 'quoted_gateway_id', m.quoted_gateway_id, 'quoted_text', m.quoted_text,
      'forwarded', m.forwarded, 'mentions', m.mentions, 'status', m.status)
    FROM message m WHERE m.id = NEW.message_id;
END;
CREATE TRIGGER sent_not_spared AFTER UPDATE OF state, message_id ON outbox
  WHEN OLD.kind = 'send' AND (NEW.state IN ('done', 'discarded') OR NEW.message_id IS NULL) BEGIN
  DELETE FROM spare WHERE what = 'message' AND key = OLD.message_id;
END;
CREATE TRIGGER forgotten_not_spared AFTER DELETE ON outbox WHEN OLD.kind = 'send' BEGIN
  DELETE FROM spare WHERE what = 'message' AND key = OLD.message_id;
END;
