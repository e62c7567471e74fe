-- What is removed in portions is hidden at once, and what was let go is fetched again only when somebody looks at it.
ALTER TABLE media ADD COLUMN let_go INTEGER NOT NULL DEFAULT 0;

CREATE INDEX media_of_device ON media (device_id) WHERE device_id IS NOT NULL;
CREATE INDEX media_fetched ON media (id) WHERE state = 'ready' AND gateway_ref IS NOT NULL;

CREATE TABLE emptying (
  chat_id INTEGER NOT NULL PRIMARY KEY REFERENCES chat (id) ON DELETE CASCADE,
  through INTEGER NOT NULL,
  gone    INTEGER NOT NULL
) STRICT;

CREATE TABLE emptying_kept (
  message_id INTEGER NOT NULL PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
  chat_id    INTEGER NOT NULL REFERENCES chat (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX emptying_kept_of ON emptying_kept (chat_id);

CREATE TABLE removing (
  device_id INTEGER NOT NULL PRIMARY KEY REFERENCES device (id) ON DELETE CASCADE
) STRICT;
