"""The command that takes old books off, each night."""

from datetime import timedelta
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from reporting.models import Book, Round, User
from tests.reporting.books_by_hand import offered


def test_it_takes_off_what_is_over_and_says_how_much(
    open_quarter: Round, hanh: User, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    book = offered(open_quarter, hanh)

    def run() -> str:
        out = StringIO()
        call_command("prune_books", stdout=out)
        return out.getvalue()

    assert run() == "Đã xóa 0 quyển hết hạn, 0 phụ lục dựng sẵn.\n"
    Book.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    assert run() == "Đã xóa 1 quyển hết hạn, 0 phụ lục dựng sẵn.\n"
    book.refresh_from_db()
    assert book.state == "expired"
