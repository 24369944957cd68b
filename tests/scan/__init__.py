"""Scanners of other people, let loose on the portal as it is served."""
