"""The catalogue's pages: door, form, action, render."""
