"""Put a backup back into an empty database and an empty MEDIA_ROOT."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reporting.backups.restoring import missing_migrations, restore_backup
from reporting.refusals import BackupFailed


class Command(BaseCommand):
    help = "Khôi phục một bản sao lưu vào cơ sở dữ liệu trống và MEDIA_ROOT trống."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="bản sao lưu")
        parser.add_argument(
            "--identity", type=Path, metavar="F", help="tệp khóa bí mật của age, nếu đã mã hóa"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = restore_backup(options["file"], identity=options["identity"])
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Đã khôi phục bản sao lưu lúc {manifest.made_at}: {manifest.rows} dòng của"
            f" {len(manifest.tables)} bảng và {manifest.files} tệp, mọi mã băm đều khớp."
        )
        for sentence in manifest.damaged:
            self.stderr.write(sentence)
        if missing := missing_migrations(manifest):
            self.stdout.write(f"Hãy chạy migrate: còn {len(missing)} bước của phiên bản này.")
