"""Tests of conversations, through HTTP and by tables."""
