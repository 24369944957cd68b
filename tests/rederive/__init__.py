"""A published table derived once more from the tables of the database, by the written rules alone.

Nothing here imports the portal: it would only agree with itself. The rules are those of
docs/adr/0013-who-reports.md and docs/adr/0004-rates-are-stored-in-parts.md, the numbers are
fractions of whole numbers, and the catalogue is read from its own columns.
"""
