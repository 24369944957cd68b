"""`manage.py db_worker`: does the background jobs, those of all queues unless one is named."""

from argparse import ArgumentParser

from django_tasks_db.management.commands import db_worker


class Command(db_worker.Command):
    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        # The package's own does the queue «default» alone: books would wait unseen.
        parser.set_defaults(queue_name="*")
