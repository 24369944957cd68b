"""Read a backup from end to end and compare every hash in it; changes nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reporting.backups.archive import read_archive
from reporting.backups.restoring import unknown_migrations
from reporting.refusals import BackupFailed


class Command(BaseCommand):
    help = "Đọc hết một bản sao lưu và so mọi mã băm trong đó; không đổi gì."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="bản sao lưu")
        parser.add_argument(
            "--identity", type=Path, metavar="F", help="tệp khóa bí mật của age, nếu đã mã hóa"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = read_archive(options["file"], identity=options["identity"])
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Bản sao lưu lúc {manifest.made_at}, phiên bản {manifest.version}"
            f" {manifest.commit[:12]}, {manifest.vendor}: {manifest.rows} dòng của"
            f" {len(manifest.tables)} bảng, {manifest.files} tệp; mọi mã băm đều khớp."
        )
        for sentence in manifest.damaged:
            self.stderr.write(sentence)
        if unknown := unknown_migrations(manifest):
            self.stderr.write(f"Mã này chưa khôi phục được nó: chưa biết {', '.join(unknown)}.")
        if manifest.damaged:
            raise CommandError(f"{len(manifest.damaged)} tệp đã hỏng hoặc mất trước khi sao lưu.")
