"""Add every published table up again from its frozen figures; for a timer, nightly."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reporting.actions.publications import check_publications


class Command(BaseCommand):
    help = (
        "Cộng lại mọi bảng đã công bố từ số liệu giữ kèm và so với bảng đã in; có bảng không khớp"
        " thì báo tên, ghi nhật ký đợt và kết thúc với mã 1."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        count, wrong = check_publications()
        for one in wrong:
            for sentence in one.sentences:
                self.stderr.write(f"{one.publication}: {sentence}")
        if wrong:
            raise CommandError(f"{len(wrong)}/{count} bảng đã công bố không khớp.")
        self.stdout.write(f"Đã cộng lại {count} bảng đã công bố: không bảng nào lệch.")
