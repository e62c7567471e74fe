-- What a gateway took and then gave up, and a person took back or sent again: told of again, it is not shown again.

CREATE TABLE put_away (
  chat_id    INTEGER NOT NULL REFERENCES chat (id) ON DELETE CASCADE,
  gateway_id TEXT    NOT NULL,
  PRIMARY KEY (gateway_id, chat_id)
) STRICT, WITHOUT ROWID;
