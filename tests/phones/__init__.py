"""Tests of phones: signing in on one, shutting one out, and what it brings after its session ended."""
