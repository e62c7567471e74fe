-- Since when a customer waits for an answer: tables/chat/waits.rs.

ALTER TABLE chat ADD COLUMN waiting_since INTEGER;

-- One look at the end of each chat.
UPDATE chat SET waiting_since =
  (SELECT min(m.at) FROM
     (SELECT coalesce(max(n.at), (SELECT coalesce(d.live_from, d.created_at) - 604800000 FROM device d WHERE d.id = chat.device_id)) AS at, coalesce(max(n.id), -1) AS id FROM
        (SELECT m.at, m.id FROM message m INDEXED BY message_in_order
          WHERE m.chat_id = chat.id AND m.at >= (SELECT coalesce(d.live_from, d.created_at) - 604800000 FROM device d WHERE d.id = chat.device_id)
            AND m.deleted_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM emptying e WHERE e.chat_id = m.chat_id AND m.id <= e.through
                               AND NOT EXISTS (SELECT 1 FROM emptying_kept k WHERE k.message_id = m.id))
            AND m.from_me = 1 AND m.kind <> 'system' AND (m.failure IS NULL OR m.status >= 2)
            AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message_id = m.id AND o.kind = 'send'
                               AND (o.state = 'dead' OR o.client_id GLOB 'campaign-*'))
          ORDER BY m.at DESC, m.id DESC LIMIT 1) n) answer
   CROSS JOIN message m INDEXED BY message_in_order
   WHERE m.chat_id = chat.id
     AND m.deleted_at IS NULL
     AND NOT EXISTS (SELECT 1 FROM emptying e WHERE e.chat_id = m.chat_id AND m.id <= e.through
                        AND NOT EXISTS (SELECT 1 FROM emptying_kept k WHERE k.message_id = m.id))
     AND m.from_me = 0 AND m.kind NOT IN ('system', 'call') AND (m.at, m.id) > (answer.at, answer.id))
 WHERE kind = 'person' AND last_message_id IS NOT NULL;

CREATE INDEX chat_waiting ON chat (archived, waiting_since, id) WHERE waiting_since IS NOT NULL AND kind = 'person' AND triage = 'open';
