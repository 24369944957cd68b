"""The rule book of a form as a list for Excel."""

from collections.abc import Iterator

from indicators.definition import FormDefinition
from reporting.documents.files import File
from reporting.documents.formats import xlsx
from reporting.documents.formats.listing import Listing, render_listing
from reporting.documents.names import file_stem
from reporting.rules.book import BookRule, general_rules, parts

GENERAL_PART = "Mọi biểu"
HEADINGS = (
    ("Mã", 8),
    ("Mức", 11),
    ("Phần của biểu", 26),
    ("Điều phải đúng", 52),
    ("Khi thiếu số", 18),
    ("Câu báo khi sai", 40),
    ("Việc cần làm", 40),
    ("Cách viết", 40),
)


def rule_book_file(form: FormDefinition) -> File:
    """Return every check of ``form`` as a workbook. No figure leaves the portal with it, so that
    nothing is recorded."""
    listing = Listing(
        name="Quy tắc kiểm tra",
        title=f"Quy tắc kiểm tra số liệu: {form.code}",
        notes=[form.form_name],
        headings=HEADINGS,
        rows=list(_rows(form)),
    )
    name = f"{file_stem(form.code, 'Quy tac kiem tra')}.xlsx"
    return File(name, xlsx.CONTENT_TYPE, render_listing(listing))


def _rows(form: FormDefinition) -> Iterator[list[str]]:
    for part in parts(form):
        for rule in part.rules:
            yield _row(rule, part.heading)
    for rule in general_rules():
        yield _row(rule, GENERAL_PART)


def _row(rule: BookRule, part: str) -> list[str]:
    return [
        rule.code,
        rule.severity.label,
        part,
        rule.words,
        rule.missing,
        rule.sentence,
        rule.instruction,
        rule.condition,
    ]
