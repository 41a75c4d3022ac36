"""The people around a person: who helps, who was invited and may see what, and who looked."""
