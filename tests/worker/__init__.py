"""Tests of the worker as real processes."""
