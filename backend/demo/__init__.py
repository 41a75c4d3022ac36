"""Invented people, their kit and 60 days of their readings, so that a visitor can watch Alongside work."""
