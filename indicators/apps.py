"""The catalogue of indicators and forms; it knows nothing of reports."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "indicators"
    verbose_name = "Danh mục biểu mẫu"
