"""Judging readings, and the episodes that a team works from."""
