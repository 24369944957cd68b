"""Take the second factor from who has lost it and whom nobody can help on a page."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reporting.actions.second_factor import reset_by_command
from reporting.models import User


class Command(BaseCommand):
    help = "Đặt lại xác thực hai bước của một tài khoản mất cả điện thoại lẫn mã dự phòng."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="USERNAME", help="tên đăng nhập")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(username=options["username"]).first()
        if person is None:
            raise CommandError(f"Không có tài khoản «{options['username']}».")
        had_one = reset_by_command(person=person)
        self.stdout.write(
            f"Đã đặt lại xác thực hai bước của {person.username}."
            if had_one
            else f"{person.username} chưa bật xác thực hai bước."
        )
