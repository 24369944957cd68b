"""Which account of a provider of single sign-on is whose here."""

from django.db import models

from reporting.models.agencies import User


class Link(models.Model):
    """One account of a provider, by the name that it never changes (``sub``), is one person's. A
    link to a provider that was used before stands for nothing, and is kept."""

    user = models.ForeignKey(User, models.PROTECT, related_name="links")
    issuer = models.CharField("nơi xác thực", max_length=200)
    subject = models.CharField("mã tài khoản ở đó", max_length=255)
    at = models.DateTimeField("nối lúc")

    class Meta:
        verbose_name = "tài khoản chung"
        verbose_name_plural = "tài khoản chung"
        constraints = (
            models.UniqueConstraint(fields=("issuer", "subject"), name="link_once"),
            models.UniqueConstraint(fields=("user", "issuer"), name="link_of_a_person_once"),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.subject}"
