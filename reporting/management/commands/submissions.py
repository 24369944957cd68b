"""List the submissions with their ids, for people and for scripts."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reporting.models import Round, Submission


class Command(BaseCommand):
    help = "Liệt kê báo cáo: mã số, đơn vị, đợt, phiên bản biểu mẫu, trạng thái, văn bản nguồn."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--round", metavar="MÃ_ĐỢT", help="chỉ một đợt báo cáo")
        parser.add_argument("--json", action="store_true", help="in JSON thay cho bảng")

    def handle(self, *args: Any, **options: Any) -> None:
        found = Submission.objects.select_related("round", "form_version")
        if code := options["round"]:
            if not Round.objects.filter(code=code).exists():
                raise CommandError(f"Không có đợt báo cáo «{code}».")
            found = found.filter(round__code=code)
        listed = [_entry(submission) for submission in found.order_by("pk")]
        if options["json"]:
            self.stdout.write(json.dumps(listed, ensure_ascii=False, indent=2))
            return
        for entry in listed:
            self.stdout.write("\t".join(str(value) for value in entry.values()))


def _entry(submission: Submission) -> dict[str, int | str]:
    return {
        "id": submission.pk,
        "agency": submission.whose,
        "round": submission.round.code,
        "form_version": submission.form_version.code,
        "state": submission.state,
        "source_document": submission.source_document,
    }
