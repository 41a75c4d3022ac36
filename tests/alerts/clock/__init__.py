"""The rules of the clock, by stepped time."""
