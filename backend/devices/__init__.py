"""The kit people have at home: identity, credentials, who wears it, what it sent."""
