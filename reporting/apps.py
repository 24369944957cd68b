"""Agencies, rounds, submissions, figures and the official documents made of them."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "reporting"
    verbose_name = "Báo cáo thống kê"
