"""The outbox: what must be told to whom, and what became of it."""
