-- Behind a device another number may be linked one day. What was to leave from the first one is not the second one's: each row of the
-- outbox knows for which it is. What is known of a number (its age, who writes to it) begins with it, and so does what a gateway asked for.

ALTER TABLE device ADD COLUMN number_no INTEGER NOT NULL DEFAULT 0;
ALTER TABLE device ADD COLUMN own_since INTEGER;
ALTER TABLE device ADD COLUMN own_after INTEGER NOT NULL DEFAULT 0;
ALTER TABLE device ADD COLUMN hold_since INTEGER;
ALTER TABLE device ADD COLUMN hold_until INTEGER;
ALTER TABLE outbox ADD COLUMN number_no INTEGER NOT NULL DEFAULT 0;

DROP TRIGGER device_spared;
DROP TRIGGER device_spared_anew;
CREATE TRIGGER device_spared AFTER INSERT ON device BEGIN
  DELETE FROM spare WHERE what = 'device' AND key = CAST(NEW.id AS TEXT);
  INSERT INTO spare VALUES ('device', NEW.id, json_object('id', NEW.id, 'gateway', NEW.gateway, 'name', NEW.name, 'url', NEW.url,
    'secret_key', NEW.secret_key, 'own_address', NEW.own_address, 'linked', NEW.linked, 'live_from', NEW.live_from,
    'number_no', NEW.number_no, 'own_since', NEW.own_since, 'own_after', NEW.own_after, 'created_at', NEW.created_at));
END;
CREATE TRIGGER device_spared_anew AFTER UPDATE OF gateway, name, url, secret_key, own_address, linked, live_from, number_no, own_since, own_after ON device BEGIN
  DELETE FROM spare WHERE what = 'device' AND key = CAST(NEW.id AS TEXT);
  INSERT INTO spare VALUES ('device', NEW.id, json_object('id', NEW.id, 'gateway', NEW.gateway, 'name', NEW.name, 'url', NEW.url,
    'secret_key', NEW.secret_key, 'own_address', NEW.own_address, 'linked', NEW.linked, 'live_from', NEW.live_from,
    'number_no', NEW.number_no, 'own_since', NEW.own_since, 'own_after', NEW.own_after, 'created_at', NEW.created_at));
END;
