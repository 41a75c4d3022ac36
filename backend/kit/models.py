"""Tables of the life of kit: states, claim codes, proofs of installation, histories."""
