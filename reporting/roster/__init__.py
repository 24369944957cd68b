"""A province's agencies as a list in a file: its columns, its faults, what it would change."""
