-- The way in from the internet that a shop brings for a device, and what its gateway was told of it.

CREATE TABLE public_way (
  device_id INTEGER NOT NULL PRIMARY KEY REFERENCES device (id) ON DELETE CASCADE,
  address   TEXT,
  told      TEXT
) STRICT;
