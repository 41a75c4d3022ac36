"""The desk of what could not be used: seen, tried again, given to a person, voided, and undone."""
