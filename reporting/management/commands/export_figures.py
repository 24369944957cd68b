"""Print the figures of one submission, row by row, as they are stored."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from indicators.definition import RowDefinition
from reporting.models import Submission
from reporting.queries.figures import snapshot
from reporting.snapshot import SubmissionSnapshot, decimal_text

BLANK = "blank"


class Command(BaseCommand):
    help = "In số liệu của một báo cáo, từng dòng, dạng JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--submission", type=int, required=True, metavar="ID")
        parser.add_argument("--json", action="store_true", help="dạng JSON (dạng duy nhất)")

    def handle(self, *args: Any, **options: Any) -> None:
        pk = options["submission"]
        submission = (
            Submission.objects.select_related("form_version", "round").filter(pk=pk).first()
        )
        if submission is None:
            raise CommandError(f"Không có báo cáo mã số {pk}.")
        figures = snapshot(submission)
        rows = [_entry(row, figures) for row in figures.form.rows]
        self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))


def _entry(row: RowDefinition, figures: SubmissionSnapshot) -> dict[str, Any]:
    """One row: ``value`` is decimal text (a choice's code too) or null when nothing was filed;
    ``computed`` is the rate by the form's formula, unrounded, where its parts are there."""
    cell = figures.cell(row.key)
    option = row.option(cell.choice)
    return {
        "key": row.key,
        "stt": row.stt,
        "label": row.label,
        "unit": row.unit,
        "kind": row.kind.value,
        "indicator": row.indicator,
        "value": cell.choice or decimal_text(cell.number) or None,
        "numerator": decimal_text(cell.numerator),
        "denominator": decimal_text(cell.denominator),
        "computed": decimal_text(figures.computed(row)),
        "choice": option.label if option else None,
        "text": cell.text or None,
        "status": BLANK if cell.is_empty else cell.status.value,
        "note": cell.note,
        "details": [
            {"label": line.label, "number": decimal_text(line.number), "written": line.written}
            for line in cell.details
        ],
        "written": cell.written,
        "written_unit": cell.written_unit,
    }
