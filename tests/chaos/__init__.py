"""Fifty clerks type while what serves them is killed, and nothing may be lost: ``make chaos``."""
