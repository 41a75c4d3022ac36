"""Tests of the pathway packs and what is read from them."""
