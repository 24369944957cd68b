"""User names and codes are told apart whatever their case. What is there already is read first: the
database would refuse one name at a time, and say nothing of what to do."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import django.contrib.auth.validators
import django.db.models.functions.text
from django.apps.registry import Apps
from django.core.management import CommandError
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

NAMES = (
    ("User", "username", "Tên đăng nhập"),
    ("Agency", "code", "Mã đơn vị"),
    ("Round", "code", "Mã đợt"),
)


def refuse_look_alikes(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Raise one error that names all that differs from another only by case."""
    found = []
    for model, field, called in NAMES:
        stored = apps.get_model("reporting", model).objects.order_by(field)
        for alike in _look_alikes(stored.values_list(field, flat=True)):
            found.append(f"- {called}: {', '.join(f'«{name}»' for name in alike)}")
    if found:
        raise CommandError(
            "Từ bản này, chữ hoa và chữ thường trong tên đăng nhập, mã đơn vị và mã đợt được coi là"
            " một. Các tên, mã sau chỉ khác nhau ở chữ hoa, chữ thường:\n"
            + "\n".join(found)
            + "\nHãy chạy lại bản trước, đổi mỗi nhóm cho chỉ còn một cách viết (tên, mã khác hẳn"
            " nhau), rồi chạy migrate lại. Chưa có gì thay đổi trong cơ sở dữ liệu."
        )


def _look_alikes(names: Iterable[str]) -> Iterator[list[str]]:
    alike = defaultdict(list)
    for name in names:
        alike[name.lower()].append(name)
    return (group for group in alike.values() if len(group) > 1)


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("indicators", "0007_record_only_grows"),
        ("reporting", "0009_received_outside"),
    ]

    operations = [
        migrations.RunPython(refuse_look_alikes, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name="user",
            name="username",
            field=models.CharField(
                error_messages={"unique": "Đã có tài khoản mang tên đăng nhập này."},
                max_length=150,
                unique=True,
                validators=[
                    django.contrib.auth.validators.ASCIIUsernameValidator(
                        message="Tên đăng nhập chỉ gồm chữ cái không dấu, chữ số và các dấu @ . + - _"
                    )
                ],
                verbose_name="tên đăng nhập",
            ),
        ),
        migrations.AddConstraint(
            model_name="agency",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("code"),
                name="agency_code_once",
                violation_error_message="Đã có đơn vị mang mã này (chữ hoa, thường coi là một).",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("code"),
                name="round_code_once",
                violation_error_message="Đã có đợt mang mã này (chữ hoa, chữ thường coi là một).",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("username"),
                name="username_once",
                violation_error_message="Đã có tài khoản mang tên đăng nhập này (chữ hoa, chữ thường coi là một).",
            ),
        ),
    ]
