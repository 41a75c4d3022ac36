"""Tests of feedback at the point of use."""
