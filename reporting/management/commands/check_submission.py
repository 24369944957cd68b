"""Run all checks on one submission and print what they find, for people and for scripts."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from indicators.definition import FormDefinition
from reporting.models import Submission
from reporting.queries.figures import snapshot
from reporting.queries.findings import weighed_findings
from reporting.rules.answers import Weighed


class Command(BaseCommand):
    help = "Chạy mọi kiểm tra trên một báo cáo như đang lưu; không ghi gì."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("submission", type=int, metavar="ID", help="mã số báo cáo")
        parser.add_argument("--json", action="store_true", help="in JSON thay cho bảng")

    def handle(self, *args: Any, **options: Any) -> None:
        pk = options["submission"]
        submission = (
            Submission.objects.select_related("agency", "round", "form_version__form")
            .filter(pk=pk)
            .first()
        )
        if submission is None:
            raise CommandError(f"Không có báo cáo mã số {pk}.")
        now = snapshot(submission)
        found = weighed_findings(submission, now)
        if options["json"]:
            entries = [_entry(one, now.form) for one in found]
            self.stdout.write(json.dumps(entries, ensure_ascii=False, indent=2))
            return
        for one in found:
            self.stdout.write("\t".join(_line(one, now.form)))
        self.stdout.write(f"{len(found)} kết quả, {sum(one.is_open for one in found)} phải xử lý.")


def _entry(one: Weighed, form: FormDefinition) -> dict[str, Any]:
    """One finding: ``place`` is the row key it is shown at, null for the report as a whole;
    ``is_open`` says that it stands in the way of handing in."""
    found = one.finding
    return {
        "code": found.code,
        "version": found.version,
        "severity": found.severity.value,
        "place": found.place or None,
        "row": form.names.get(found.place),
        "keys": list(found.keys),
        "sentence": found.sentence,
        "found": found.found,
        "expected": found.expected,
        "formula": found.formula,
        "instruction": found.instruction,
        "said": [{"kind": answer.kind.value, "text": answer.text} for answer in one.said],
        "is_open": one.is_open,
    }


def _line(one: Weighed, form: FormDefinition) -> list[str]:
    found = one.finding
    return [
        found.code,
        found.severity.label,
        form.names.get(found.place, "cả báo cáo"),
        found.sentence,
        found.found,
    ]
