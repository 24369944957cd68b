"""How a printed file is known again: its code, its content as text, and an uploaded one read and
compared."""
