"""Agencies in their tree, people, and the roles people hold at agencies."""

from datetime import date

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.validators import ASCIIUsernameValidator
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property

from indicators.kinds import AgencyKind
from indicators.models import Function
from reporting.roster.tree import CIRCLE, DEEPEST, TOO_DEEP
from reporting.tidings import MailChoice
from reporting.workflow import PROVINCIAL, Role

USERNAME_RULE = "Tên đăng nhập chỉ gồm chữ cái không dấu, chữ số và các dấu @ . + - _"


class Agency(models.Model):
    """A body that reports. The tree is at most three deep: tỉnh → (huyện →) cơ quan, xã."""

    code = models.CharField("mã", max_length=40, unique=True)
    name = models.CharField("tên", max_length=200)
    kind = models.CharField("loại", max_length=10, choices=AgencyKind.choices())
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="cấp trên",
    )
    functions = models.CharField(
        "chức năng",
        max_length=120,
        blank=True,
        help_text="Mã trong danh mục chức năng, cách nhau dấu cách: noi_vu tttt tu_phap.",
    )
    place = models.CharField("địa danh", max_length=80, blank=True)
    area = models.CharField(
        "địa bàn",
        max_length=80,
        blank=True,
        help_text="Khu vực để lọc và cộng riêng, ví dụ tên huyện trước 1/7/2025.",
    )
    signer_title = models.TextField("chức danh người ký", max_length=120, blank=True)
    wants_signature = models.BooleanField(
        "lãnh đạo ký trước khi gửi",
        default=False,
        help_text="Chuyên viên trình, lãnh đạo đơn vị ký rồi báo cáo mới đến Sở Nội vụ.",
    )
    valid_from = models.DateField("hoạt động từ", null=True, blank=True)
    valid_to = models.DateField("hoạt động đến", null=True, blank=True)

    class Meta:
        verbose_name = "cơ quan, đơn vị"
        verbose_name_plural = "cơ quan, đơn vị"
        ordering = ("code",)
        constraints = (
            models.UniqueConstraint(
                Lower("code"),
                name="agency_code_once",
                violation_error_message="Đã có đơn vị mang mã này (chữ hoa, thường coi là một).",
            ),
            models.CheckConstraint(
                name="agency_days_in_order",
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_from__lte=F("valid_to")),
                violation_error_message="Ngày bắt đầu hoạt động phải trước ngày kết thúc.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a fourth level and a circle: access and rounds look two levels up and down."""
        if self.parent is not None and self.kind == AgencyKind.PROVINCE:
            raise ValidationError({"parent": "Tỉnh đứng đầu cây đơn vị, không có cấp trên."})
        if self.parent is None and self.kind != AgencyKind.PROVINCE:
            raise ValidationError(
                {"parent": "Hãy chọn cấp trên: đơn vị không thuộc tỉnh nào sẽ không có báo cáo."}
            )
        self._require_known_functions()
        line = [self]
        while (above := line[-1].parent) is not None and len(line) <= DEEPEST:
            if above == self:
                raise ValidationError({"parent": CIRCLE})
            line.append(above)
        if len(line) + self._levels_below() > DEEPEST:
            raise ValidationError({"parent": TOO_DEEP})

    def stands_on(self, day: date) -> bool:
        """Say whether the agency exists on ``day``."""
        began = self.valid_from is None or self.valid_from <= day
        return began and (self.valid_to is None or day <= self.valid_to)

    @staticmethod
    def standing_on(day: date) -> Q:
        """The agencies that exist on ``day``."""
        return (Q(valid_from__isnull=True) | Q(valid_from__lte=day)) & (
            Q(valid_to__isnull=True) | Q(valid_to__gte=day)
        )

    def _require_known_functions(self) -> None:
        """Refuse a code that no form can name: the rows meant for it would go unasked."""
        named = set(self.functions.split())
        known = Function.objects.filter(code__in=named).values_list("code", flat=True)
        strange = named.difference(known)
        if strange:
            raise ValidationError(
                {
                    "functions": f"Chức năng {', '.join(sorted(strange))} không có trong danh mục;"
                    " hãy ghi đúng mã, hoặc thêm chức năng ở trang quản trị."
                }
            )

    def _levels_below(self) -> int:
        if self._state.adding:
            return 0
        below = Agency.objects.filter(parent=self)
        if Agency.objects.filter(parent__in=below).exists():
            return 2
        return 1 if below.exists() else 0


class Succession(models.Model):
    """One body went over into another on a day: several into one merge, one into several splits."""

    predecessor = models.ForeignKey(
        Agency, models.PROTECT, related_name="successions", verbose_name="đơn vị cũ"
    )
    successor = models.ForeignKey(
        Agency, models.PROTECT, related_name="origins", verbose_name="đơn vị mới"
    )
    on = models.DateField("từ ngày")
    legal_basis = models.CharField("căn cứ", max_length=200, blank=True)

    class Meta:
        verbose_name = "kế thừa"
        verbose_name_plural = "kế thừa"
        ordering = ("on", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("predecessor", "successor"),
                name="succession_once",
                violation_error_message="Hai đơn vị này đã được nối với nhau.",
            ),
            models.CheckConstraint(
                name="succession_of_two",
                condition=~Q(predecessor=F("successor")),
                violation_error_message="Đơn vị không thể nhập vào chính mình.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"


class User(AbstractUser):
    """A person with an account; Vietnamese names are kept whole."""

    # Letters that only look alike would let one account pass for another.
    username = models.CharField(
        "tên đăng nhập",
        max_length=150,
        unique=True,
        validators=[ASCIIUsernameValidator(message=USERNAME_RULE)],
        error_messages={"unique": "Đã có tài khoản mang tên đăng nhập này."},
    )
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    full_name = models.CharField("họ và tên", max_length=120)
    phone = models.CharField("điện thoại", max_length=30, blank=True)
    # A first password was given by somebody else: nothing is done with the account before the
    # person has chosen one.
    must_change_password = models.BooleanField("phải đổi mật khẩu", default=False)
    mail = models.CharField(
        "nhận thư", max_length=10, choices=MailChoice.choices(), default=MailChoice.EACH.value
    )

    REQUIRED_FIELDS = ["full_name", "email"]

    class Meta:
        verbose_name = "tài khoản"
        verbose_name_plural = "tài khoản"
        constraints = (
            models.UniqueConstraint(
                Lower("username"),
                name="username_once",
                violation_error_message="Đã có tài khoản mang tên đăng nhập này (chữ hoa, chữ"
                " thường coi là một).",
            ),
        )

    def __str__(self) -> str:
        return self.full_name or self.username

    @cached_property
    def _held_today(self) -> tuple[tuple[int, Role, bool], ...]:
        """(agency id, role, if it is the person's own). One query for each time the account is
        read from the database: a request reads its account anew."""
        held = self.memberships.filter(Membership.holds_on(timezone.localdate()))
        return tuple(
            (agency, Role(role), stood_in_for is None)
            for agency, role, stood_in_for in held.values_list("agency", "role", "stands_in_for")
        )

    @property
    def roles_held(self) -> tuple[tuple[int, Role], ...]:
        """The (agency id, role) pairs that this person holds today, a deputy's included."""
        return tuple(dict.fromkeys((agency, role) for agency, role, _ in self._held_today))

    @property
    def own_roles(self) -> tuple[tuple[int, Role], ...]:
        """Those of ``roles_held`` that this person holds in their own right."""
        return tuple((agency, role) for agency, role, is_own in self._held_today if is_own)

    @property
    def manages_catalogue(self) -> bool:
        """This person drafts and publishes form versions."""
        return self.is_active and any(role is Role.MANAGER for _, role in self.roles_held)

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name


class Membership(models.Model):
    """One role of one person at one agency and everything below it; of a deputy, for some days.

    One that has ended is kept: the record names who could do what, when.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="memberships", verbose_name="đơn vị"
    )
    role = models.CharField("vai trò", max_length=20, choices=Role.choices())
    stands_in_for = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="deputies",
        verbose_name="thay cho",
    )
    valid_from = models.DateField("từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)
    given_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    given_at = models.DateTimeField("giao lúc", null=True, editable=False)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    ended_at = models.DateTimeField("thôi lúc", null=True, editable=False)

    class Meta:
        verbose_name = "vai trò"
        verbose_name_plural = "vai trò"
        constraints = (
            models.UniqueConstraint(
                fields=("user", "agency", "role"),
                condition=Q(ended_at__isnull=True, stands_in_for__isnull=True),
                name="membership_once",
                violation_error_message="Người này đã có vai trò đó tại đơn vị.",
            ),
            models.CheckConstraint(
                name="membership_days_in_order",
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_from__lte=F("valid_to")),
                violation_error_message="Ngày bắt đầu phải trước ngày kết thúc.",
            ),
            models.CheckConstraint(
                name="membership_deputy_for_some_days",
                condition=Q(stands_in_for__isnull=True)
                | Q(valid_from__isnull=False, valid_to__isnull=False),
                violation_error_message="Người làm thay cần ngày bắt đầu và ngày kết thúc.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}: {Role(self.role).label} tại {self.agency}"

    @staticmethod
    def holds_on(day: date) -> Q:
        """The roles that are held on ``day`` as far as is known now."""
        return (
            Q(ended_at__isnull=True)
            & (Q(valid_from__isnull=True) | Q(valid_from__lte=day))
            & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))
        )

    def clean(self) -> None:
        """Rounds are of a province: who reads them whole holds the role at the province. So does
        who manages the catalogue, which is one for all agencies."""
        if self.role in PROVINCIAL and self.agency.kind != AgencyKind.PROVINCE:
            raise ValidationError(
                {"agency": f"Vai trò «{Role(self.role).label}» chỉ giao tại tỉnh."}
            )
