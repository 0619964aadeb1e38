"""One operation, one statement: documents become programs that read once and write the answer from what was read."""
