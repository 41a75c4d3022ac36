"""Tables of the rules: every threshold on both sides, typed from the clinical reference."""
