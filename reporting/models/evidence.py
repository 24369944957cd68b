"""Files that an agency puts beside its figures, and what is said about a cell."""

from django.db import models
from django.db.models import Q

from indicators.models import Row
from reporting.models.agencies import User
from reporting.models.submissions import Submission

LONGEST_NAME = 200


class Evidence(models.Model):
    """One file behind a figure, or behind the whole report (``row`` None).

    The bytes lie under a name of the portal's own outside the web root; ``name`` is what the person
    called the file. A file taken away is marked so and kept: the record refers to it.
    """

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="evidence")
    row = models.ForeignKey(Row, models.PROTECT, null=True, blank=True, related_name="+")
    file = models.FileField("tệp", upload_to="evidence/%Y/%m", max_length=200)
    name = models.CharField("tên tệp", max_length=LONGEST_NAME)
    content_type = models.CharField("loại tệp", max_length=100)
    size = models.PositiveBigIntegerField("số byte")
    sha256 = models.CharField("mã băm", max_length=64)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField("lúc")
    removed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField("gỡ lúc", null=True)

    class Meta:
        verbose_name = "tài liệu kèm theo"
        verbose_name_plural = "tài liệu kèm theo"
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                name="evidence_removed_by_somebody",
                condition=Q(removed_by__isnull=True, removed_at__isnull=True)
                | Q(removed_by__isnull=False, removed_at__isnull=False),
                violation_error_message="Tệp đã gỡ phải ghi ai gỡ, lúc nào.",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Comment(models.Model):
    """Something said by the Sở Nội vụ, or by the agency in answer: about one cell, about a section
    (``row`` is its heading) or about the whole report (``row`` None)."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="comments")
    row = models.ForeignKey(Row, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField("ý kiến")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField("lúc")
    resolved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    resolved_at = models.DateTimeField("xong lúc", null=True)

    class Meta:
        verbose_name = "ý kiến"
        verbose_name_plural = "ý kiến"
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                name="comment_resolved_by_somebody",
                condition=Q(resolved_by__isnull=True, resolved_at__isnull=True)
                | Q(resolved_by__isnull=False, resolved_at__isnull=False),
                violation_error_message="Ý kiến đã xong phải ghi ai đóng, lúc nào.",
            ),
        )

    def __str__(self) -> str:
        return self.text
