"""Codes of printed tables, and the record of exports with them; guarded like the rest of it."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SENTENCE = "a line of the record is never changed and never taken away"
NEW, REMADE = "reporting_verificationcode", "reporting_exportrecord"


def guard_new(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """On PostgreSQL the function that refuses is there since 0007."""
    guard_on_sqlite(NEW, schema_editor)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE TRIGGER {NEW}_only_grows BEFORE UPDATE OR DELETE ON {NEW}"
            " FOR EACH ROW EXECUTE FUNCTION reporting_record_only_grows()"
        )


def unguard_new(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for act in ("update", "delete"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {NEW}_no_{act}")
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {NEW}_only_grows ON {NEW}")


def guard_remade(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """SQLite makes a table anew to give it a column, and loses its guards."""
    guard_on_sqlite(REMADE, schema_editor)


def guard_on_sqlite(table: str, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for act in ("update", "delete"):
            schema_editor.execute(
                f"CREATE TRIGGER IF NOT EXISTS {table}_no_{act} BEFORE {act.upper()} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
            )


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0008_a_total_may_be_the_latest"),
        ("reporting", "0015_fill_districts"),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, guard_remade),
        migrations.AddField(
            model_name="exportrecord",
            name="layout",
            field=models.CharField(blank=True, max_length=200, verbose_name="phần in, khổ giấy"),
        ),
        migrations.CreateModel(
            name="VerificationCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(max_length=20, unique=True, verbose_name="mã kiểm chứng"),
                ),
                (
                    "state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_started", "Chưa nhập"),
                            ("draft", "Đang nhập"),
                            ("signing", "Chờ lãnh đạo ký"),
                            ("submitted", "Đã gửi"),
                            ("in_review", "Đang xem xét"),
                            ("returned", "Trả lại"),
                            ("approved", "Đã duyệt"),
                        ],
                        max_length=12,
                        verbose_name="trạng thái",
                    ),
                ),
                ("basis", models.CharField(blank=True, max_length=12, verbose_name="cộng từ")),
                ("content", models.TextField(verbose_name="nội dung")),
                ("sha256", models.CharField(max_length=64, verbose_name="mã băm")),
                ("at", models.DateTimeField(verbose_name="lúc")),
                (
                    "filing",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="codes",
                        to="reporting.filing",
                    ),
                ),
                (
                    "form_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.formversion",
                    ),
                ),
                (
                    "publication",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="codes",
                        to="reporting.publication",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="codes",
                        to="reporting.round",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="codes",
                        to="reporting.submission",
                    ),
                ),
            ],
            options={
                "verbose_name": "mã kiểm chứng",
                "verbose_name_plural": "mã kiểm chứng",
                "ordering": ("pk",),
            },
        ),
        migrations.AddField(
            model_name="exportrecord",
            name="code",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="exports",
                to="reporting.verificationcode",
            ),
        ),
        migrations.AddIndex(
            model_name="exportrecord",
            index=models.Index(fields=["sha256"], name="export_by_bytes"),
        ),
        migrations.AddConstraint(
            model_name="verificationcode",
            constraint=models.UniqueConstraint(
                condition=models.Q(("publication__isnull", False)),
                fields=("publication", "sha256"),
                name="code_of_publication_once",
                violation_error_message="Bảng đã công bố này đã có mã kiểm chứng.",
            ),
        ),
        migrations.AddConstraint(
            model_name="verificationcode",
            constraint=models.UniqueConstraint(
                condition=models.Q(("filing__isnull", False)),
                fields=("filing", "sha256"),
                name="code_of_filing_once",
                violation_error_message="Lần gửi này đã có mã kiểm chứng.",
            ),
        ),
        migrations.AddConstraint(
            model_name="verificationcode",
            constraint=models.UniqueConstraint(
                condition=models.Q(("filing__isnull", True), ("submission__isnull", False)),
                fields=("submission", "sha256"),
                name="code_of_report_once",
                violation_error_message="Nội dung này của báo cáo đã có mã kiểm chứng.",
            ),
        ),
        migrations.AddConstraint(
            model_name="verificationcode",
            constraint=models.UniqueConstraint(
                condition=models.Q(("publication__isnull", True), ("submission__isnull", True)),
                fields=("round", "form_version", "sha256"),
                name="code_of_round_once",
                violation_error_message="Bảng này của đợt đã có mã kiểm chứng.",
            ),
        ),
        migrations.RunPython(guard_remade, migrations.RunPython.noop),
        migrations.RunPython(guard_new, unguard_new),
    ]
