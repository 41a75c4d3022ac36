"""One file a rule: a clinical safety officer can read each alone, and its EXAMPLES are its tests."""
