-- What the shop notes about people, and what a person's panel asks: their files, the groups they are in.

CREATE TABLE note (
  address TEXT    NOT NULL PRIMARY KEY,
  text    TEXT    NOT NULL,
  at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX message_files ON message (chat_id, at, id) WHERE media_id IS NOT NULL;
CREATE INDEX group_member_of ON group_member (address_id);
