"""Books as the tests need them, and appendices that are rendered fast."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from reporting.actions.books import ask_for_book
from reporting.books import Binding, BookState
from reporting.calculations.contributions import Basis
from reporting.documents.drawing import LEAVES, Work
from reporting.models import Book, Round, User
from reporting.printing.appendix import Appendix, Line, Signature
from reporting.printing.cells import PrintedCell

CONTENT = b"%PDF-1.7 quyen"


def asked(
    round_: Round,
    by: User,
    *,
    binding: Binding = Binding.BOUND,
    format: str = "pdf",
    basis: Basis = Basis.APPROVED,
) -> Book:
    """Ask for a book of all forms."""
    return ask_for_book(
        round=round_, form_version=None, binding=binding, format=format, basis=basis, by=by
    )


def book_in(state: BookState, round_: Round, by: User, *, minutes_ago: int = 0) -> Book:
    """Return a book that came to ``state`` some minutes ago, without its file."""
    at = timezone.now() - timedelta(minutes=minutes_ago)
    has_file = state in {BookState.DONE, BookState.EXPIRED}
    return Book.objects.create(
        round=round_,
        binding=Binding.BOUND.value,
        format="pdf",
        basis=Basis.APPROVED.value,
        by=by,
        at=at,
        moved_at=at,
        state=state.value,
        attempts=0 if state is BookState.WAITING else 1,
        done=2,
        total=4,
        error="Máy chủ hết chỗ." if state is BookState.FAILED else "",
        name="Quyen_MH-QUY.pdf" if has_file else "",
        path="books/abc.pdf" if has_file else "",
        size=len(CONTENT) if has_file else 0,
        sha256="ab" * 32 if has_file else "",
        expires_at=at + timedelta(days=7) if has_file else None,
    )


def offered(round_: Round, by: User) -> Book:
    """Return a finished book with its file."""
    made = book_in(BookState.DONE, round_, by)
    place = Path(settings.MEDIA_ROOT) / made.path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(CONTENT)
    return made


def small_appendix(agency: str, *, lines: int = 3) -> Appendix:
    """Return an appendix of a few lines."""
    return Appendix(
        label="Phụ lục 2",
        title=f"THỐNG KÊ CỦA {agency.upper()}",
        legal_line="",
        notice="",
        label_heading="Chỉ tiêu thống kê",
        last_heading="Ghi chú",
        lines=[
            Line(
                key=f"1.{number}",
                stt=f"1.{number}",
                label=f"Số văn bản đã ban hành, loại {number}",
                unit="Văn bản",
                figure=PrintedCell(str(number), number=Decimal(number)),
                remark="",
                depth=1,
                is_bold=False,
                is_italic=False,
            )
            for number in range(1, lines + 1)
        ],
        signature=Signature("Minh Họa, ngày 10 tháng 3 năm 2026", "GIÁM ĐỐC", "Nguyễn Văn A"),
    )


def works(folder: Path, *names: str, way: str = LEAVES) -> list[Work]:
    """Return work on a small appendix for each name."""
    return [
        Work(name, small_appendix(name), way, folder / "rendered" / f"{number}.pdf")
        for number, name in enumerate(names)
    ]


def files_below(folder: Path) -> dict[str, int]:
    """Return every file below a folder with what tells it from another written in its place."""
    return {
        str(path.relative_to(folder)): path.stat().st_ino
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
