"""The acts on drafts: begin one, write it, give it another head, read a file for it, drop it."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from indicators.actions.record import CatalogueRefused, first, remember
from indicators.catalogue.comparison import draft_differences
from indicators.catalogue.documents import from_record, recorded
from indicators.catalogue.problems import in_words, unreadable
from indicators.catalogue.written import Document, VersionHead
from indicators.kinds import Act, Status
from indicators.models import Form, FormVersion, Upload, VersionEvent
from indicators.queries.definitions import head_of

# What a version says itself; its form is another record.
_OWN = tuple(name for name in VersionHead.__dataclass_fields__ if name not in {"form", "form_name"})


class StaleDraft(CatalogueRefused):
    """Somebody has changed the draft since the person looked at it."""


@transaction.atomic
def begin_draft(
    *, head: VersionHead, document: Document, by: AbstractBaseUser, note: str = ""
) -> FormVersion:
    """Store a new draft under a code that no version has had.

    Raises CatalogueRefused where the rows cannot be kept, and django's ValidationError with a
    sentence for each wrong part of the head.
    """
    _require_readable(document)
    version = FormVersion(draft=recorded(document))
    _set_head(version, head)
    _save(version)
    remember(version, Act.BEGIN, by=by, via="page", note=note)
    return version


@transaction.atomic
def write_draft(
    *,
    version: FormVersion,
    revision: int,
    document: Document,
    by: AbstractBaseUser,
    act: Act = Act.EDIT,
    note: str = "",
    via: str = "page",
) -> Sequence[str]:
    """Replace what a draft holds, if it still stands at ``revision``; return what changed, in
    words. Nothing is written where nothing changes. Raises StaleDraft or CatalogueRefused."""
    current = locked_draft(version, revision)
    before = from_record(current.draft)
    _require_readable(document)
    content = recorded(document)
    if content == recorded(before):
        return ()
    changes = list(draft_differences(before, from_record(content)))
    current.draft = content
    current.revision += 1
    current.save(update_fields=["draft", "revision"])
    remember(current, act, by=by, via=via, note=note, changes=changes)
    version.draft, version.revision = current.draft, current.revision
    return changes


@transaction.atomic
def rewrite_head(
    *, version: FormVersion, revision: int, head: VersionHead, by: AbstractBaseUser
) -> FormVersion:
    """Give a draft another head, its code and form included. Raises StaleDraft, or django's
    ValidationError with a sentence for each wrong part."""
    current = locked_draft(version, revision)
    before = head_of(current)
    _set_head(current, head)
    after = head_of(current)
    if after == before:
        return current
    current.revision += 1
    _save(current)
    changes = [
        f"{_word_for(name)}: «{_shown(getattr(before, name))}» → «{_shown(getattr(after, name))}»"
        for name in VersionHead.__dataclass_fields__
        if name != "form_name" and getattr(before, name) != getattr(after, name)
    ]
    remember(current, Act.HEAD, by=by, via="page", changes=changes)
    return current


@transaction.atomic
def take_up(
    *, version: FormVersion, revision: int, event: VersionEvent, by: AbstractBaseUser
) -> Sequence[str]:
    """Put a draft back to how ``event`` of its record had left it."""
    if event.content is None or event.version_id != version.pk:
        raise CatalogueRefused("Lần ghi này không giữ nội dung để quay lại.")
    at = timezone.localtime(event.at)
    return write_draft(
        version=version,
        revision=revision,
        document=from_record(event.content),
        by=by,
        act=Act.TAKE_UP,
        note=f"Quay lại bản lúc {at:%H:%M ngày %d/%m/%Y}.",
    )


@transaction.atomic
def discard(*, version: FormVersion, revision: int, by: AbstractBaseUser) -> FormVersion:
    """Put a draft aside. Its code becomes free again; its content and its record stay."""
    current = locked_draft(version, revision)
    was = current.code
    current.status = Status.DISCARDED.value
    current.code = _put_aside(was, current.pk)
    current.revision += 1
    current.save(update_fields=["status", "code", "revision"])
    changes = [f"mã phiên bản: {was} → {current.code}"]
    remember(current, Act.DISCARD, by=by, via="page", changes=changes)
    return current


def _put_aside(code: str, pk: int) -> str:
    """Return a free code that tells what a discarded draft was called."""
    wanted = (f"{code[:24]}-bo-{pk}", *(f"{code[:20]}-bo-{pk}-{n}" for n in range(2, 1000)))
    return next(found for found in wanted if not FormVersion.objects.filter(code=found).exists())


@transaction.atomic
def keep_upload(
    *,
    version: FormVersion,
    file_name: str,
    original: bytes,
    document: Document | None,
    by: AbstractBaseUser,
) -> Upload:
    """Keep a file that was read for a draft, with what was read; the draft stays as it is."""
    return Upload.objects.create(
        version=version,
        by=cast(Any, by),
        at=timezone.now(),
        file_name=file_name[:200],
        sha256=hashlib.sha256(original).hexdigest(),
        original=original,
        content=None if document is None else recorded(document),
        revision=version.revision,
    )


@transaction.atomic
def apply_upload(*, upload: Upload, by: AbstractBaseUser) -> Sequence[str]:
    """Take over what was read from a file, all of it, if the draft still stands as the preview
    showed it. Raises StaleDraft or CatalogueRefused."""
    current = (
        Upload.objects.select_for_update(of=("self",), no_key=True)
        .select_related("version")
        .get(pk=upload.pk)
    )
    if current.applied_at is not None:
        raise CatalogueRefused(f"Tệp {current.file_name} đã được nhận rồi, không cần làm lại.")
    if current.content is None:
        raise CatalogueRefused(f"Tệp {current.file_name} có lỗi nên không nhận được.")
    changes = write_draft(
        version=current.version,
        revision=current.revision,
        document=from_record(current.content),
        by=by,
        act=Act.UPLOAD,
        note=f"{current.file_name} (SHA-256 {current.sha256})",
        via="file",
    )
    current.applied_at = timezone.now()
    current.save(update_fields=["applied_at"])
    return changes


def locked_draft(version: FormVersion, revision: int) -> FormVersion:
    """Return ``version`` as stored, locked until the transaction ends; raise unless it is a draft
    that still stands at ``revision``."""
    current = FormVersion.objects.select_for_update(no_key=True).get(pk=version.pk)
    if current.status != Status.DRAFT:
        raise CatalogueRefused(
            f"{current.code} ở trạng thái «{Status(current.status).label}» nên không sửa được nữa."
            " Muốn thay đổi, hãy lập phiên bản mới."
        )
    if current.revision != revision:
        last = current.events.select_related("by").latest("pk")
        later = current.events.filter(revision__gt=max(revision, 0)).values_list(
            "changes", flat=True
        )
        changes = [line for lines in later for line in lines]
        raise StaleDraft(
            f"{last.by or 'Hệ thống'} đã đổi bản thảo lúc"
            f" {timezone.localtime(last.at):%H:%M ngày %d/%m/%Y}, sau khi ông/bà mở trang. Việc"
            " vừa rồi chưa được ghi; chữ vừa gõ vẫn còn trên trang này. Hãy xem lại bản mới nhất"
            " rồi bấm lần nữa nếu còn cần." + (f" Đã đổi: {first(changes)}." if changes else "")
        )
    return current


def _require_readable(document: Document) -> None:
    found = list(unreadable(document.rows)) if document.rows else []
    if found:
        raise CatalogueRefused(
            f"Bản thảo không nhận được vì {len(found)} lỗi: {first(in_words(found, document))}."
        )


def _set_head(version: FormVersion, head: VersionHead) -> None:
    """Give ``version`` what ``head`` says; a form that is there keeps its name. Raises
    ValidationError with all that is wrong, under the names of the head."""
    form = Form.objects.filter(code=head.form).first()
    version.form = form or Form(code=head.form, name=head.form_name)
    for name in _OWN:
        setattr(version, name, getattr(head, name))
    found: dict[str, list[str]] = {}
    for part, names in ((version.form, {"code": "form", "name": "form_name"}), (version, {})):
        try:
            part.full_clean(exclude=["form"])
        except ValidationError as error:
            for name, said in error.message_dict.items():
                found.setdefault(names.get(name, name), []).extend(said)
    if found:
        raise ValidationError(found)


def _save(version: FormVersion) -> None:
    try:
        with transaction.atomic():
            if version.form._state.adding:
                version.form.save()
            version.save()
    except IntegrityError as error:
        raise ValidationError(
            {"code": "Vừa có người khác lập phiên bản hoặc biểu mẫu với mã này; hãy gửi lại."}
        ) from error


def _shown(value: str | date | None) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else value or ""


def _word_for(name: str) -> str:
    """Return what pages call a part of the head."""
    field: Any = FormVersion._meta.get_field(name)
    return str(field.verbose_name)
