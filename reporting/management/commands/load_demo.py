"""Fill an empty portal with example data: the archive of filed forms and a fictional province."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Concat
from django.utils import timezone

from indicators.actions.drafts import begin_draft
from indicators.catalogue.written import Document
from indicators.models import FormVersion
from indicators.queries.definitions import written
from reporting.actions.agencies import enter_agency, enter_user
from reporting.demo import archive, province
from reporting.models import Agency, AgencyKind, Submission, User
from reporting.workflow import Role

ARCHIVE_CLERK = "luutru"
DEMO_CLERK = "nhaplieu"
DEMO_HEAD = "nguoiky"
DRAFTED_FROM = "PL2-KH-2022"
PASSWORD = "minh-hoa-cchc"  # noqa: S105 - of the example accounts, printed for whoever tries them
LOGINS = (
    ("sonoivu", "chuyên viên Sở Nội vụ: xem xét, duyệt, tổng hợp"),
    ("congthuong", "chuyên viên Sở Công Thương: nhập báo cáo của sở"),
    ("xa001", "công chức UBND xã: nhập báo cáo của xã"),
    ("soyte", "chuyên viên Sở Y tế: nhập báo cáo, trình giám đốc ký"),
    ("giamdocyte", "giám đốc Sở Y tế: ký báo cáo trước khi gửi"),
    ("lanhdao", "lãnh đạo tỉnh: xem tiến độ và số tổng hợp"),
    ("danhmuc", "quản trị danh mục: soạn và công bố biểu mẫu"),
    ("quantri", "quản trị hệ thống: tài khoản, đơn vị, đợt báo cáo"),
)


class Command(BaseCommand):
    help = "Nạp dữ liệu ví dụ vào cổng còn trống; chạy lại thì giữ nguyên những gì đã nhập."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.SECURE_SSL_REDIRECT:
            raise CommandError(
                "HTTPS đang bật: đây là cổng chạy thật, không nạp tài khoản ví dụ có mật khẩu ai"
                " cũng biết."
            )
        if not FormVersion.objects.exists():
            raise CommandError("Chưa có biểu mẫu nào: hãy chạy load_catalogue trước.")
        if Agency.objects.filter(code=province.CODE).exists():
            self.stdout.write("Dữ liệu ví dụ đã có, giữ nguyên.")
        elif Agency.objects.exists():
            raise CommandError(
                "Cổng này đã có cơ quan ngoài dữ liệu ví dụ nên không nạp thêm: tài khoản ví dụ có"
                " mật khẩu ai cũng biết. Hãy dùng một cơ sở dữ liệu trống."
            )
        else:
            with transaction.atomic():
                self._load()
        # Example data of before the catalogue had managers lack this one.
        if not User.objects.filter(username="danhmuc").exists():
            self._enter_manager(Agency.objects.get(code=province.CODE))
        self.stdout.write("Đăng nhập thử (mật khẩu chung: " + PASSWORD + ")")
        for username, what in LOGINS:
            self.stdout.write(f"  {username:<12}{what}")

    def _load(self) -> None:
        minh_hoa = province.enter_agencies()
        provinces = self._archive_provinces()
        reviewer = self._enter_people(minh_hoa, list(provinces.values()))
        clerk = User.objects.get(username=ARCHIVE_CLERK)
        folders = sorted((settings.BASE_DIR / "fixtures" / "archive").glob("*/"))
        for folder in folders:
            filed = archive.read_filed_form(folder)
            archive.enter_filed_form(filed, province=provinces[filed.about["province"]], by=clerk)
        self.stdout.write(f"Đã nhập {len(folders)} báo cáo lưu trữ; đang lập tỉnh Minh Họa…")
        desk = province.Desk(
            clerk=User.objects.get(username=DEMO_CLERK),
            head=User.objects.get(username=DEMO_HEAD),
            reviewer=reviewer,
        )
        province.enter_rounds(minh_hoa, desk, timezone.localdate())
        self.stdout.write(f"Tổng cộng {Submission.objects.count()} báo cáo.")

    def _archive_provinces(self) -> dict[str, Agency]:
        names = (
            ("KH", "Khánh Hòa"),
            ("GL", "Gia Lai"),
            ("QN", "Quảng Ngãi"),
            ("BM7", "Tỉnh không ghi tên (Biểu mẫu 7)"),
        )
        return {
            name: enter_agency(
                agency=Agency(code=code, name=_titled(name), kind=AgencyKind.PROVINCE.value)
            )
            for code, name in names
        }

    def _enter_people(self, minh_hoa: Agency, archives: list[Agency]) -> User:
        def at(code: str) -> Agency:
            return Agency.objects.get(code=f"{province.CODE}.{code}")

        everywhere = [minh_hoa, *archives]
        people = {
            "sonoivu": ("Trần Thị Minh Hạnh", [(Role.REVIEWER, place) for place in everywhere]),
            "congthuong": ("Nguyễn Văn Bình", [(Role.CLERK, at("SCT"))]),
            "xa001": ("Lê Thị Thu", [(Role.CLERK, at("X001"))]),
            "soyte": ("Hồ Thị Lan", [(Role.CLERK, at("SYT"))]),
            "giamdocyte": ("Đặng Văn Khoa", [(Role.HEAD, at("SYT"))]),
            "lanhdao": ("Phạm Quốc Đạt", [(Role.VIEWER, minh_hoa)]),
            DEMO_CLERK: ("Người nhập số liệu minh họa", [(Role.CLERK, minh_hoa)]),
            DEMO_HEAD: ("Người ký số liệu minh họa", [(Role.HEAD, minh_hoa)]),
            ARCHIVE_CLERK: (
                "Người nhập báo cáo giấy",
                [(role, place) for place in archives for role in (Role.CLERK, Role.REVIEWER)],
            ),
            "quantri": ("Đỗ Mạnh Hùng", []),
        }
        for username, (full_name, roles) in people.items():
            enter_user(
                username=username,
                full_name=full_name,
                password=PASSWORD,
                roles=roles,
                is_operator=username == "quantri",
            )
        # What goes to them by mail is left in files; nobody has these addresses.
        User.objects.filter(username__in=people).update(
            email=Concat("username", Value("@minh-hoa.example"))
        )
        return User.objects.get(username="sonoivu")

    @transaction.atomic
    def _enter_manager(self, minh_hoa: Agency) -> None:
        """Enter who manages the catalogue, with a draft to go on with."""
        manager = enter_user(
            username="danhmuc",
            full_name="Đỗ Thị Mai",
            password=PASSWORD,
            roles=[(Role.MANAGER, minh_hoa)],
        )
        source = written(FormVersion.objects.select_related("form").get(code=DRAFTED_FROM))
        year = timezone.localdate().year + 1
        begin_draft(
            head=replace(
                source.head,
                code=f"PL2-MH-{year}",
                form="PL2-MH",
                form_name="Phụ lục 2 – Thống kê số liệu cải cách hành chính của tỉnh Minh Họa",
                edition=str(year),
                valid_from=date(year, 1, 1),
                valid_to=None,
                note="",
            ),
            document=Document(source.rows, source.rules),
            by=manager,
            note=f"Chép từ phiên bản {DRAFTED_FROM}.",
        )


def _titled(name: str) -> str:
    return name if name.startswith("Tỉnh") else f"Tỉnh {name}"
