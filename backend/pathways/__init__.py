"""Care pathways as data, and who is enrolled on which."""
