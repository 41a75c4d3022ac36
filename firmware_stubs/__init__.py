"""Pretend devices: the reference of how a device keeps the wire contract, one file a device."""
