"""Backups: the database and the files behind it in one archive, made, checked and put back."""
