"""Readings: everything measurable about a person, immutable once stored."""
