"""The catalogue as people write it: its columns, its files, what is wrong with it, what differs.

Everything here is pure: text in, frozen values out, no database.
"""
