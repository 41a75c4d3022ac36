"""Check-ins, readings somebody types, and the year a phone keeps."""
