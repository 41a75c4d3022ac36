"""Who people are, how they sign in, and the only doors to a patient's data."""
