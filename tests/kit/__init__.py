"""Tests of the life of kit: who has it, how it is proved, its account, recall."""
