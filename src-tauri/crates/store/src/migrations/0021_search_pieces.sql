-- More pieces of the index of words may stand side by side before they are put together: up to two million messages each word is
-- then written twice, not three times. Whoever searches looks into more of them, which costs a fraction of a millisecond.

INSERT INTO message_search (message_search, rank) VALUES ('automerge', 24);
