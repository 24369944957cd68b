"""How pages tell the days between today and a date."""

from datetime import date

from django import template

register = template.Library()


@register.filter
def days_left(day: date, today: date) -> str:
    """Say how far ``day`` is from ``today``, in days: what a clerk counts in.

    >>> today = date(2026, 11, 22)
    >>> days_left(date(2026, 12, 17), today), days_left(today, today)
    ('còn 25 ngày', 'hôm nay')
    >>> days_left(date(2026, 11, 20), today)
    'quá hạn 2 ngày'
    """
    days = (day - today).days
    if days == 0:
        return "hôm nay"
    return f"còn {days} ngày" if days > 0 else f"quá hạn {-days} ngày"
