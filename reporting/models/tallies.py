"""How often somebody has asked for what costs much or could be guessed at."""

from django.db import models


class Tally(models.Model):
    """So many times since a first one, until a moment at which counting begins anew.

    Written only by ``reporting.actions.limits``, by one statement each time: no two processes, on
    whichever host, lose a count to each other. ``until`` is in seconds since 1970, which both
    databases compare alike inside that statement.
    """

    key = models.CharField("của ai, về việc gì", max_length=100, primary_key=True)
    times = models.PositiveIntegerField("số lần")
    until = models.BigIntegerField("đếm đến lúc")

    class Meta:
        verbose_name = "số lần yêu cầu"
        verbose_name_plural = "số lần yêu cầu"

    def __str__(self) -> str:
        return f"{self.key}: {self.times}"
