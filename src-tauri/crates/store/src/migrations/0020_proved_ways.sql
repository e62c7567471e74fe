-- The port of ours to which a tunnel is known to lead. Addresses that are here were stored for the port of today.

ALTER TABLE public_way ADD COLUMN port INTEGER;

UPDATE public_way SET port = (SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'hook_port') WHERE address IS NOT NULL;
