"""How often somebody has asked: counted for all processes together."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0017_books"),
    ]

    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "key",
                    models.CharField(
                        max_length=100,
                        primary_key=True,
                        serialize=False,
                        verbose_name="của ai, về việc gì",
                    ),
                ),
                ("times", models.PositiveIntegerField(verbose_name="số lần")),
                ("until", models.BigIntegerField(verbose_name="đếm đến lúc")),
            ],
            options={
                "verbose_name": "số lần yêu cầu",
                "verbose_name_plural": "số lần yêu cầu",
            },
        ),
    ]
