"""Write the database and the files behind it into one archive; for a timer, nightly."""

from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reporting.backups.making import make_backup
from reporting.refusals import BackupFailed


class Command(BaseCommand):
    help = (
        "Sao lưu cơ sở dữ liệu cùng các tệp kèm theo vào một tệp trong FOLDER, trong khi mọi người"
        " vẫn làm việc."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="FOLDER", type=Path, help="thư mục đã có, đủ chỗ")
        parser.add_argument(
            "--recipients",
            type=Path,
            metavar="F",
            help="tệp khóa công khai của age, mỗi dòng một khóa: bản sao lưu được mã hóa",
        )
        parser.add_argument(
            "--keep", type=_at_least_one, metavar="N", help="xong thì chỉ giữ N bản mới nhất"
        )

        parser.add_argument(
            "--lost",
            type=_at_least_one,
            metavar="N",
            default=0,
            help="N tệp kèm theo đã biết là mất hẳn, bản cũ cũng không có: không coi là lỗi nữa",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = make_backup(
                options["folder"],
                recipients=options["recipients"],
                keep=options["keep"],
                lost=options["lost"],
            )
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        manifest = made.manifest
        self.stdout.write(
            f"Đã sao lưu {manifest.rows} dòng của {len(manifest.tables)} bảng và {manifest.files}"
            f" tệp vào {made.path}; xóa {made.pruned} bản cũ."
        )
        for sentence in manifest.damaged:
            self.stderr.write(sentence)
        if len(manifest.damaged) > options["lost"]:
            raise CommandError(
                f"{len(manifest.damaged)} tệp kèm theo đã hỏng hoặc mất từ trước; mọi thứ khác đã"
                f" vào {made.path}, không bản cũ nào bị xóa. Hãy lấy lại các tệp đó từ bản cũ;"
                " bản nào cũng không có thì chạy với --lost và số tệp ấy."
            )


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"«{text}» không phải số nguyên từ 1 trở lên")
    return int(text)
