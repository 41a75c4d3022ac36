"""Starts every part of Alongside on one machine, keeps it alive and stops it, so set-up is one command."""
