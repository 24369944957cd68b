"""A round that is no archive has all its days of entry: a missing one is out of order."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0002_published_by_and_rows"),
        ("reporting", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="round",
            name="round_dates_in_order",
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_archive", True),
                    models.Q(
                        ("closes_on__isnull", False),
                        ("due_on__isnull", False),
                        ("due_on__lte", models.F("closes_on")),
                        ("opens_on__isnull", False),
                        ("opens_on__lte", models.F("due_on")),
                    ),
                    _connector="OR",
                ),
                name="round_dates_in_order",
                violation_error_message="Ngày mở, hạn nộp và ngày đóng phải theo thứ tự.",
            ),
        ),
    ]
