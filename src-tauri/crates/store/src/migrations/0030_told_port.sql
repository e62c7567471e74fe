-- The port of ours to which the address is known to lead that the gateway was told: it goes on being called while the shop's next one
-- leads nowhere yet.

ALTER TABLE public_way ADD COLUMN told_port INTEGER;

UPDATE public_way SET told_port = port WHERE told = address;
