-- Of whom QR Búho and Evolution API list nobody can tell whom the phone has saved: what they call so is said of everybody who has a
-- name. Whoever was taken for saved there keeps that name as one that may be their own. Where a version tells it after all, its next
-- reading says it again.

UPDATE contact SET push_name = coalesce(push_name, saved_name), saved_name = NULL
 WHERE saved_name IS NOT NULL AND device_id IN
   (SELECT id FROM device WHERE gateway IN ('qr_buho', 'practice_qr_buho', 'evolution', 'practice_evolution'));

UPDATE chat SET name_rank = 2
 WHERE name_rank = 4 AND device_id IN
   (SELECT id FROM device WHERE gateway IN ('qr_buho', 'practice_qr_buho', 'evolution', 'practice_evolution'));
