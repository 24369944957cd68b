"""How this portal reads dates in each language; Django has no Vietnamese input formats."""
