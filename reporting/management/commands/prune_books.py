"""Take expired books and appendices long unused off the disk; for a timer, nightly."""

from typing import Any

from django.core.management.base import BaseCommand

from reporting.documents.books import prune_books


class Command(BaseCommand):
    help = (
        "Xóa quyển phụ lục hết hạn tải và phụ lục dựng sẵn lâu không dùng; quyển bị gián đoạn được"
        " xếp làm tiếp."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        books, appendices = prune_books()
        self.stdout.write(f"Đã xóa {books} quyển hết hạn, {appendices} phụ lục dựng sẵn.")
