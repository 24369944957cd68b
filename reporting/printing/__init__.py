"""How a table prints, in whatever format: its cells, and the whole appendix."""
