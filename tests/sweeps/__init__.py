"""Every screen of a person, in every state and language, swept for what poor sight or a small phone would meet."""
