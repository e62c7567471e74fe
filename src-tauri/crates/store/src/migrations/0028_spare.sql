-- A page of the file that is lost takes its rows with it. Of what no gateway can give back and a shop can least do without there is a
-- second copy on other pages: its numbers, settings, notes, who wants no campaigns, and messages that have not been accepted yet.

CREATE TABLE spare (
  what TEXT NOT NULL, -- the table
  key  TEXT NOT NULL, -- the row's key in it
  row  TEXT NOT NULL, -- its columns, as JSON
  PRIMARY KEY (what, key)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER device_spared AFTER INSERT ON device BEGIN
  DELETE FROM spare WHERE what = 'device' AND key = CAST(NEW.id AS TEXT);
  INSERT INTO spare VALUES ('device', NEW.id, json_object('id', NEW.id, 'gateway', NEW.gateway, 'name', NEW.name, 'url', NEW.url,
    'secret_key', NEW.secret_key, 'own_address', NEW.own_address, 'linked', NEW.linked, 'live_from', NEW.live_from, 'created_at', NEW.created_at));
END;
CREATE TRIGGER device_spared_anew AFTER UPDATE OF gateway, name, url, secret_key, own_address, linked, live_from ON device BEGIN
  DELETE FROM spare WHERE what = 'device' AND key = CAST(NEW.id AS TEXT);
  INSERT INTO spare VALUES ('device', NEW.id, json_object('id', NEW.id, 'gateway', NEW.gateway, 'name', NEW.name, 'url', NEW.url,
    'secret_key', NEW.secret_key, 'own_address', NEW.own_address, 'linked', NEW.linked, 'live_from', NEW.live_from, 'created_at', NEW.created_at));
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

INSERT INTO spare SELECT 'device', id, json_object('id', id, 'gateway', gateway, 'name', name, 'url', url, 'secret_key', secret_key,
    'own_address', own_address, 'linked', linked, 'live_from', live_from, 'created_at', created_at) FROM device;
INSERT INTO spare SELECT 'device_field', device_id || ' ' || name, json_object('device_id', device_id, 'name', name, 'value', value)
  FROM device_field;
INSERT INTO spare SELECT 'setting', name, json_object('name', name, 'value', value) FROM setting;
INSERT INTO spare SELECT 'note', address, json_object('address', address, 'text', text, 'at', at) FROM note;
INSERT INTO spare SELECT 'opt_out', id, json_object('id', id, 'address', address, 'state', state, 'wish', wish, 'device_id', device_id,
    'chat_id', chat_id, 'gateway_id', gateway_id, 'text', text, 'at', at, 'heard_at', heard_at, 'decided_at', decided_at) FROM opt_out;
INSERT INTO spare SELECT 'message', m.id, json_object('id', m.id, 'chat_id', m.chat_id, 'from_me', m.from_me, 'at', m.at, 'kind', m.kind,
      'text', m.text, 'data', m.data, 'media_id', m.media_id, 'quoted_gateway_id', m.quoted_gateway_id, 'quoted_text', m.quoted_text,
      'forwarded', m.forwarded, 'mentions', m.mentions, 'status', m.status)
    FROM message m JOIN outbox o ON o.message_id = m.id AND o.kind = 'send' WHERE o.state NOT IN ('done', 'discarded');
