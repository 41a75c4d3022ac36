"""Conversations of a person with the team and with the practice: who owns the answer, and by when it is due."""
