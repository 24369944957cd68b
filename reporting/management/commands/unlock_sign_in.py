"""Let an account that was tried in vain too often be signed in to at once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reporting.actions.accounts import unlock_by_command
from reporting.models import User


class Command(BaseCommand):
    help = "Mở khóa đăng nhập cho một tài khoản bị tạm khóa vì nhập sai nhiều lần."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="USERNAME", help="tên đăng nhập")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(username=options["username"]).first()
        if person is None:
            raise CommandError(f"Không có tài khoản «{options['username']}».")
        was_locked = unlock_by_command(person=person)
        self.stdout.write(
            f"Đã mở khóa đăng nhập cho {person.username}."
            if was_locked
            else f"Việc đăng nhập của {person.username} không bị khóa."
        )
