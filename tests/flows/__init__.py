"""The whole chain with real processes, told as given, when, then."""
