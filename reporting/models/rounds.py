"""Reporting rounds: one period of one province, with its own dates and forms."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from indicators.kinds import AgencyKind, Status
from indicators.models import FormVersion
from reporting.models.agencies import Agency
from reporting.periods import PeriodKind
from reporting.schedule import Days, faults
from reporting.workflow import RoundStatus

# Words that stand at the place of a round's code in the portal's own addresses.
OWN_ADDRESSES = frozenset({"lich", "moi"})


class Round(models.Model):
    """One reporting round. An archive round holds reports once filed on paper and has no dates
    of entry; its data window may be unknown."""

    province = models.ForeignKey(
        Agency,
        models.PROTECT,
        related_name="rounds",
        verbose_name="tỉnh",
        limit_choices_to={"kind": AgencyKind.PROVINCE.value},
    )
    code = models.SlugField(
        "mã đợt", max_length=40, unique=True, help_text="Ví dụ MH-2027-Q1; hiện trên địa chỉ trang."
    )
    name = models.CharField("tên đợt", max_length=120)
    period_kind = models.CharField("loại kỳ", max_length=10, choices=PeriodKind.choices())
    period_text = models.CharField("kỳ in trên phụ lục", max_length=60)
    data_from = models.DateField("số liệu từ ngày", null=True, blank=True)
    data_to = models.DateField("số liệu đến ngày", null=True, blank=True)
    opens_on = models.DateField("mở nhập từ ngày", null=True, blank=True)
    due_on = models.DateField("hạn nộp", null=True, blank=True)
    closes_on = models.DateField("đóng sau ngày", null=True, blank=True)
    edit_until = models.DateField(
        "sửa báo cáo bị trả lại đến hết ngày",
        null=True,
        blank=True,
        help_text="Để trống: báo cáo bị trả lại sửa được cho đến khi duyệt.",
    )
    status = models.CharField(
        "tình trạng",
        max_length=10,
        choices=RoundStatus.choices(),
        default=RoundStatus.PLANNED.value,
        editable=False,
    )
    splits_capacities = models.BooleanField(
        "tách số của toàn tỉnh",
        default=False,
        help_text="Cơ quan được giao báo cáo số của toàn tỉnh có thêm một báo cáo riêng cho số đó.",
    )
    is_archive = models.BooleanField("nhập lại từ báo cáo giấy", default=False)
    notice = models.CharField("lưu ý in kèm", max_length=300, blank=True)
    summary_version = models.ForeignKey(
        FormVersion,
        models.PROTECT,
        related_name="+",
        verbose_name="biểu tổng hợp của tỉnh",
        limit_choices_to={"status": Status.PUBLISHED.value},
    )

    class Meta:
        verbose_name = "đợt báo cáo"
        verbose_name_plural = "đợt báo cáo"
        ordering = (F("data_to").desc(nulls_last=True), "code")
        constraints = (
            models.UniqueConstraint(
                Lower("code"),
                name="round_code_once",
                violation_error_message="Đã có đợt mang mã này (chữ hoa, chữ thường coi là một).",
            ),
            models.CheckConstraint(
                name="round_window_in_order",
                condition=Q(data_from__isnull=True) | Q(data_from__lte=F("data_to")),
                violation_error_message="Ngày đầu kỳ số liệu phải trước ngày chốt số liệu.",
            ),
            models.CheckConstraint(
                name="round_dates_in_order",
                # A missing day would make the comparison unknown, which a database lets pass.
                condition=Q(is_archive=True)
                | Q(
                    opens_on__isnull=False,
                    due_on__isnull=False,
                    closes_on__isnull=False,
                    opens_on__lte=F("due_on"),
                    due_on__lte=F("closes_on"),
                ),
                violation_error_message="Ngày mở, hạn nộp và ngày đóng phải theo thứ tự.",
            ),
            models.CheckConstraint(
                name="round_edit_after_close",
                condition=Q(edit_until__isnull=True)
                | Q(closes_on__isnull=False, closes_on__lte=F("edit_until")),
                violation_error_message="Hạn sửa báo cáo bị trả lại không thể trước ngày đóng.",
            ),
            models.CheckConstraint(
                name="round_status_known",
                condition=Q(status__in=[status.value for status in RoundStatus]),
                violation_error_message="Tình trạng đợt không có trong danh sách.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def days(self) -> Days:
        return Days(
            data_from=self.data_from,
            data_to=self.data_to,
            opens_on=self.opens_on,
            due_on=self.due_on,
            closes_on=self.closes_on,
            edit_until=self.edit_until,
        )

    def clean(self) -> None:
        """Refuse days that cannot be, all of them at once, and a code that is an address."""
        wrong = dict(faults(self.days, is_archive=self.is_archive))
        if self.code.lower() in OWN_ADDRESSES:
            wrong["code"] = [f"«{self.code}» là địa chỉ của cổng; hãy lấy mã khác."]
        if wrong:
            raise ValidationError(wrong)


class RoundForm(models.Model):
    """Which form the agencies of one kind fill in during a round."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="forms")
    agency_kind = models.CharField("loại đơn vị", max_length=10, choices=AgencyKind.choices())
    form_version = models.ForeignKey(
        FormVersion,
        models.PROTECT,
        related_name="+",
        verbose_name="biểu mẫu",
        limit_choices_to={"status": Status.PUBLISHED.value},
    )

    class Meta:
        verbose_name = "biểu mẫu của đợt"
        verbose_name_plural = "biểu mẫu của đợt"
        constraints = (
            models.UniqueConstraint(
                fields=("round", "agency_kind", "form_version"),
                name="round_form_once",
                violation_error_message="Biểu mẫu này đã giao cho loại đơn vị đó trong đợt.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.round}: {AgencyKind(self.agency_kind).label} → {self.form_version}"
