"""What people say of the words they were given, and the answers of those who own the pathway."""
