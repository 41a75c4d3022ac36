"""Tests of the record of measurements."""
