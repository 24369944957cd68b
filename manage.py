#!/usr/bin/env python3
"""Command-line entry point of the portal."""

import os
import sys
from uuid import uuid4

from django.core.management import execute_from_command_line

from indicators.tracing import traced


def main() -> None:
    """Run a command; what it writes into the record carries the one name of this run."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cchc_portal.settings")
    with traced(f"lenh-{uuid4().hex[:16]}"):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
