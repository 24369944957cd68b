"""Write the appendix of a submission or of a round to a file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from reporting.documents.files import File, round_file, submission_file
from reporting.documents.formats import FORMATS
from reporting.models import Round, Submission
from reporting.queries.province import layouts


class Command(BaseCommand):
    help = "Xuất phụ lục của một báo cáo hoặc bảng tổng hợp của một đợt ra tệp."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--submission", type=int, metavar="ID", help="mã số báo cáo")
        what.add_argument("--round", metavar="MÃ_ĐỢT", help="mã đợt báo cáo")
        parser.add_argument(
            "--layout", metavar="MÃ_BIỂU", help="biểu dùng để in đợt (mặc định: biểu của tỉnh)"
        )
        parser.add_argument("--format", choices=list(FORMATS), required=True)
        parser.add_argument("--out", type=Path, required=True, metavar="TỆP")

    def handle(self, *args: Any, **options: Any) -> None:
        by_submission = options["submission"] is not None
        out: Path = options["out"]
        try:
            # A file that could not be written did not go out, and is not in the record.
            with transaction.atomic():
                file = self._of_submission(options) if by_submission else self._of_round(options)
                out.write_bytes(file.content)
        except OSError as error:
            raise CommandError(f"Không ghi được tệp {out}: {error.strerror}.") from error
        self.stdout.write(f"Đã ghi {out} ({len(file.content)} byte).")

    def _of_submission(self, options: dict[str, Any]) -> File:
        pk = options["submission"]
        found = Submission.objects.select_related(
            "agency", "round__province", "form_version__form"
        ).filter(pk=pk)
        submission = found.first()
        if submission is None:
            raise CommandError(f"Không có báo cáo mã số {pk}.")
        return submission_file(submission, FORMATS[options["format"]], by=None, via="command")

    def _of_round(self, options: dict[str, Any]) -> File:
        code = options["round"]
        found = Round.objects.select_related("province", "summary_version__form").filter(code=code)
        round_ = found.first()
        if round_ is None:
            raise CommandError(f"Không có đợt báo cáo «{code}».")
        forms = {form.code: form for form in layouts(round_)}
        wanted = options["layout"] or round_.summary_version.code
        if wanted not in forms:
            raise CommandError(f"Đợt {code} không dùng biểu «{wanted}»; có: {', '.join(forms)}.")
        format_ = FORMATS[options["format"]]
        return round_file(round_, forms[wanted], format_, by=None, via="command")
