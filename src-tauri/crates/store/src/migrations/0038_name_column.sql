-- Which column of its people's cells holds their names: texts call it so, whatever its heading. Of an audience from before that was kept nobody
-- has said so; its texts find a column by its heading, as they were rehearsed.

ALTER TABLE campaign ADD COLUMN name_column INTEGER;
