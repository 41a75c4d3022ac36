"""The gateway from its bytes to its receipts, with a real broker and a real database."""
