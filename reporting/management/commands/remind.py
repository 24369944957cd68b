"""Have the reminders of the day made; for a timer of the machine, once a day."""

from typing import Any

from django.core.management.base import BaseCommand

from reporting.actions.jobs import REMINDING, enqueue
from reporting.queries.jobs import overdue


class Command(BaseCommand):
    help = "Xếp việc nhắc hạn và thư gộp của ngày cho việc nền; chạy nhiều lần một ngày cũng được."

    def handle(self, *args: Any, **options: Any) -> None:
        if overdue():
            self.stderr.write(
                "Có việc nền chờ quá 5 phút: db_worker có đang chạy không? Xem trang /viec-nen/."
            )
        enqueue(REMINDING)
        self.stdout.write("Đã xếp việc nhắc hạn; db_worker sẽ làm.")
