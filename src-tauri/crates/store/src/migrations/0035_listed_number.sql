-- The number under which a gateway lists a device may be the one that was typed when the device was made: it says nothing of which one is
-- linked, and is kept apart. That another number may be linked is kept through a rescue too, and holds of what was unlinked before that
-- was kept at all.

ALTER TABLE device ADD COLUMN own_listed TEXT;

DROP TRIGGER device_spared;
DROP TRIGGER device_spared_anew;
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

UPDATE device SET own_unproven = 1 WHERE linked = 0 AND link_number > 1 AND own_unproven = 0;
UPDATE device SET own_listed = own_address, own_address = NULL WHERE gateway = 'qr_buho';
UPDATE device SET own_unproven = own_unproven;
