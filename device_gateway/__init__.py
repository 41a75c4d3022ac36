"""The way in: from a device's MQTT message to a committed row, and only then to its receipt."""
