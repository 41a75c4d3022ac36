"""Tests of what starts, stops and restarts the parts of Alongside."""
