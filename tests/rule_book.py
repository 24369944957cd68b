"""Write the rule book of the five forms anew: ``python -m tests.rule_book``.

The page ``docs/quy-tac-kiem-tra.md`` is made of the same words as the portal's own pages; a test
holds it to them.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from indicators.catalogue.documents import definition
from indicators.catalogue.folders import read_version
from indicators.catalogue.written import Document
from indicators.definition import FormDefinition
from indicators.kinds import Severity
from reporting.rules.book import BookRule, general_rules, parts

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "quy-tac-kiem-tra.md"
FOLDER = ROOT / "fixtures" / "catalogue"
OPENING = """# Quy tắc kiểm tra

Mọi báo cáo đi qua các quy tắc của biểu mình và các kiểm tra chung. **Lỗi** là số không thể như vậy;
**cảnh báo** thì sửa lại hoặc giải trình; **lưu ý** thì nên xem lại. «Không phát sinh» tính là 0, ô
trống là chưa báo cáo; mỗi quy tắc nói nó làm gì khi thiếu số. Quy tắc của biểu nằm ở
`fixtures/catalogue/BIỂU/rules.csv`, kiểm tra chung ở `reporting/rules/general.py`.

Trang này do `python -m tests.rule_book` viết ra; đừng sửa tay.
"""
_OWN = ("Mã", "Mức", "Điều phải đúng", "Khi thiếu số", "Khi sai, báo", "Việc cần làm")
_GENERAL = ("Mã", "Mức", "Điều phải đúng", "Việc cần làm")


def page(forms: Sequence[FormDefinition]) -> str:
    """Return the page as it should stand."""
    return "\n".join((OPENING, *_summary(forms), *_general(), *_forms(forms)))


def forms_of_the_catalogue() -> list[FormDefinition]:
    """Return the forms under ``fixtures/catalogue``, by their codes."""
    found = []
    for folder in sorted(path for path in FOLDER.iterdir() if path.is_dir()):
        sheet = read_version(folder)
        document = Document(sheet.rows, sheet.rules)
        found.append(definition(sheet.head, document, version_id=0))
    return found


def _summary(forms: Sequence[FormDefinition]) -> Iterator[str]:
    yield from _table(
        ("Biểu", "Số quy tắc", *(severity.label.capitalize() for severity in Severity)),
        [
            (
                form.code,
                str(len(form.rules)),
                *(str(sum(rule.severity is one for rule in form.rules)) for one in Severity),
            )
            for form in forms
        ],
    )


def _general() -> Iterator[str]:
    yield "## Kiểm tra chung của mọi biểu\n"
    yield from _table(
        _GENERAL,
        [(one.code, one.severity.label, one.words, one.instruction) for one in general_rules()],
    )


def _forms(forms: Sequence[FormDefinition]) -> Iterator[str]:
    for form in forms:
        yield f"## {form.code}\n"
        yield f"{_plain(form.form_name)}.\n"
        if not form.rules:
            yield "Biểu này chưa có quy tắc riêng.\n"
        for part in parts(form):
            yield f"### {_plain(part.heading)}\n"
            yield from _table(_OWN, [_line(rule) for rule in part.rules])


def _line(rule: BookRule) -> Sequence[str]:
    return (
        rule.code,
        rule.severity.label,
        rule.words,
        rule.missing,
        rule.sentence,
        rule.instruction,
    )


def _table(headings: Sequence[str], lines: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(headings)} |"
    yield f"|{'---|' * len(headings)}"
    for line in lines:
        yield f"| {' | '.join(map(_plain, line))} |"
    yield ""


def _plain(text: str) -> str:
    r"""Return words that Markdown shows as they are, on one line.

    >>> _plain("[a] | *b*")
    '\\[a\\] \\| \\*b\\*'
    """
    return re.sub(r"([\\`*_{}\[\]<>|#])", r"\\\1", " ".join(text.split()))


if __name__ == "__main__":
    PAGE.write_text(page(forms_of_the_catalogue()), encoding="utf-8")
