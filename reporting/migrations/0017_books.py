"""Books: all agencies' appendices of a round in one file."""

import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0008_a_total_may_be_the_latest"),
        ("reporting", "0016_verification_codes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Book",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "binding",
                    models.CharField(
                        choices=[("quyen", "Một quyển PDF có mục lục"), ("zip", "Tệp nén")],
                        max_length=10,
                        verbose_name="cách đóng",
                    ),
                ),
                ("format", models.CharField(max_length=10, verbose_name="định dạng")),
                ("basis", models.CharField(max_length=10, verbose_name="báo cáo đưa vào")),
                ("at", models.DateTimeField(verbose_name="đặt lúc")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Chờ làm"),
                            ("making", "Đang làm"),
                            ("broken", "Gián đoạn"),
                            ("done", "Xong"),
                            ("failed", "Không làm được"),
                            ("cancelled", "Đã hủy"),
                            ("expired", "Hết hạn tải"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="tình trạng",
                    ),
                ),
                ("moved_at", models.DateTimeField(verbose_name="đổi lúc")),
                (
                    "attempts",
                    models.PositiveSmallIntegerField(default=0, verbose_name="số lần làm"),
                ),
                (
                    "most_attempts",
                    models.PositiveSmallIntegerField(default=4, verbose_name="số lần tự làm"),
                ),
                ("done", models.PositiveIntegerField(default=0, verbose_name="số phụ lục đã xong")),
                ("total", models.PositiveIntegerField(default=0, verbose_name="số phụ lục")),
                ("error", models.TextField(blank=True, verbose_name="lỗi")),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="tên tệp")),
                ("path", models.CharField(blank=True, max_length=200, verbose_name="tệp")),
                ("size", models.PositiveBigIntegerField(default=0, verbose_name="số byte")),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="mã băm")),
                ("expires_at", models.DateTimeField(null=True, verbose_name="tải được đến")),
                ("files", models.JSONField(default=list, verbose_name="các tệp trong đó")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "form_version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.formversion",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="books",
                        to="reporting.round",
                    ),
                ),
            ],
            options={
                "verbose_name": "quyển phụ lục",
                "verbose_name_plural": "quyển phụ lục",
                "ordering": ("-pk",),
                "constraints": [
                    models.UniqueConstraint(
                        models.F("round"),
                        django.db.models.functions.comparison.Coalesce(
                            "form_version", models.Value(0, models.BigIntegerField())
                        ),
                        models.F("binding"),
                        models.F("format"),
                        models.F("basis"),
                        condition=models.Q(("state__in", ["broken", "making", "waiting"])),
                        name="book_made_once_at_a_time",
                        violation_error_message="Quyển này đang được làm.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "waiting",
                                    "making",
                                    "broken",
                                    "done",
                                    "failed",
                                    "cancelled",
                                    "expired",
                                ],
                            )
                        ),
                        name="book_state_known",
                        violation_error_message="Tình trạng quyển không có trong danh sách.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "done"), _negated=True),
                            models.Q(
                                models.Q(("path", ""), _negated=True),
                                models.Q(("sha256", ""), _negated=True),
                                ("expires_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="book_done_has_a_file",
                        violation_error_message="Quyển đã xong phải có tệp, mã băm và hạn tải.",
                    ),
                ],
            },
        ),
    ]
