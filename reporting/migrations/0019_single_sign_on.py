"""Which account of a provider of single sign-on is whose."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0018_tallies"),
    ]

    operations = [
        migrations.CreateModel(
            name="Link",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("issuer", models.CharField(max_length=200, verbose_name="nơi xác thực")),
                ("subject", models.CharField(max_length=255, verbose_name="mã tài khoản ở đó")),
                ("at", models.DateTimeField(verbose_name="nối lúc")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "tài khoản chung",
                "verbose_name_plural": "tài khoản chung",
                "constraints": [
                    models.UniqueConstraint(fields=("issuer", "subject"), name="link_once"),
                    models.UniqueConstraint(
                        fields=("user", "issuer"), name="link_of_a_person_once"
                    ),
                ],
            },
        ),
    ]
