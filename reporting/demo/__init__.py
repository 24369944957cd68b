"""Example data, entered through the actions: the archive of filed forms, a fictional province."""
