"""Tests the whole way from a device to a desk all day, and tells a human by another way when it is broken."""
