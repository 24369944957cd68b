"""The pages: door, form, action, render."""
