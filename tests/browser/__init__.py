"""Journeys and sweeps in a real Chromium against the whole running system."""
