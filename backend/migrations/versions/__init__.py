"""One file a step, numbered, its name a sentence."""
