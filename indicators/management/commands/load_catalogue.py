"""Load the form versions under fixtures/catalogue, or another folder of the same shape."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from indicators.actions.record import CatalogueRefused
from indicators.actions.versions import (
    load_functions,
    load_indicators,
    load_links,
    load_version,
)
from indicators.catalogue.folders import BadCatalogue, read_optional, read_table, read_version
from indicators.catalogue.written import FUNCTION_COLUMNS, INDICATOR_COLUMNS, LINK_COLUMNS


class Command(BaseCommand):
    help = (
        "Nạp chỉ tiêu và phiên bản biểu mẫu; chạy lại không đổi gì, và từ chối sửa bản đã công bố."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--folder",
            type=Path,
            default=settings.BASE_DIR / "fixtures" / "catalogue",
            help="thư mục danh mục (mặc định: fixtures/catalogue)",
        )

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            with transaction.atomic():
                load_functions(read_optional(folder / "functions.csv", FUNCTION_COLUMNS))
                changed = load_indicators(read_table(folder / "indicators.csv", INDICATOR_COLUMNS))
                load_links(read_optional(folder / "links.csv", LINK_COLUMNS))
                sheets = [read_version(path) for path in sorted(folder.iterdir()) if path.is_dir()]
                loaded = [sheet.head.code for sheet in sheets if load_version(sheet)]
        except (BadCatalogue, CatalogueRefused) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Danh mục: {len(sheets)} phiên bản biểu mẫu ({len(loaded)} mới),"
            f" {changed} chỉ tiêu mới hoặc thay đổi."
        )
