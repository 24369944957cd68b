"""Requests that no honest browser sends, to every address, and what is asked of each answer."""
