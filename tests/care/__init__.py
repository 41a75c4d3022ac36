"""The rules of care, one test for each that no other test names."""
