"""The addresses of the catalogue."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from indicators.views import browse, drafts, editor, indicators, publishing, uploads


class WritingConverter(StringConverter):
    """The file formats of the catalogue's own writing."""

    regex = "xlsx|csv"


register_converter(WritingConverter, "writing")

urlpatterns = [
    path("bieu-mau/", browse.forms, name="forms"),
    path("bieu-mau/so-sanh/", browse.compare, name="compare"),
    path("bieu-mau/moi/", drafts.new_draft, name="new-draft"),
    path("bieu-mau/<slug:code>/", browse.version, name="version"),
    path("bieu-mau/<slug:code>/tep.<writing:extension>", uploads.version_file, name="version-file"),
    path("bieu-mau/<slug:code>/sua/", editor.draft, name="draft"),
    path("bieu-mau/<slug:code>/dau-bieu/", drafts.draft_head, name="draft-head"),
    path("bieu-mau/<slug:code>/quy-tac/", drafts.draft_rules, name="draft-rules"),
    path("bieu-mau/<slug:code>/nap/", uploads.upload, name="upload"),
    path("bieu-mau/<slug:code>/nap/<int:pk>/", uploads.upload_preview, name="upload-preview"),
    path(
        "bieu-mau/<slug:code>/nap/<int:pk>/tep-goc/",
        uploads.upload_original,
        name="upload-original",
    ),
    path("bieu-mau/<slug:code>/cong-bo/", publishing.publish_draft, name="publish"),
    path("bieu-mau/<slug:code>/het-hieu-luc/", publishing.retire_version, name="retire"),
    path("bieu-mau/<slug:code>/bo/", publishing.discard_draft, name="discard"),
    path("bieu-mau/<slug:code>/lich-su/", publishing.version_record, name="version-record"),
    path("chi-tieu/", indicators.listing, name="indicators"),
    path("chi-tieu/<str:code>/", indicators.detail, name="indicator"),
    path("chi-tieu/<str:code>/sua/", indicators.edit, name="indicator-edit"),
]
