"""What makes a PDF last and be read by everybody: PDF/A-3u and PDF/UA-1 in one file, the same bytes
each time, with the figures attached as data and nothing fetched from anywhere."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import cssselect2
from weasyprint import CSS, HTML, VERSION, Attachment, pdf
from weasyprint.css import ColorProfile
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from reporting.documents.formats.frozen import freeze
from reporting.documents.formats.structure import Structure

CONTENT_TYPE = "application/pdf"
PAPER = Path(__file__).with_name("paper.css")
PRODUCER = f"WeasyPrint {VERSION}"
# The pictures that a page carries within itself.
_WITHIN = "data:image/svg+xml"
# Signs of control, which XML does not know and no font has.
_UNWRITABLE = dict.fromkeys(
    [*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF]
)
_COLOURS = "sRGB"
# Taken out again before the file is written: a day that is not known is not told.
_NO_DAY = datetime(1970, 1, 1, tzinfo=UTC)
# All pages of a process are drawn with the same fonts, one after the other: two threads at once
# corrupt what Pango remembers of them, and the process dies with all that it was answering.
_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True, slots=True)
class Data:
    """A file that lies within a PDF: what the page says, for machines."""

    name: str
    description: str
    content: bytes


class NothingFetched(URLFetcher):
    """The door to the outside, which is shut: only pictures within the page are read."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        if not url.startswith(_WITHIN):
            raise ValueError(f"Trang in không được lấy gì từ bên ngoài: {url[:200]}")
        return super().fetch(url, headers)


class Page(HTML):
    """A page read by the parser of XML, which takes a fortieth of the time that HTML's does: it
    need not put right what somebody wrote wrong."""

    def __init__(self, text: str) -> None:
        # All that an HTML holds; the reading of its own __init__ is what is spared.
        root = ElementTree.fromstring(text.translate(_UNWRITABLE))  # noqa: S314 - our own page
        self.base_url = None
        self.url_fetcher = NothingFetched(fail_on_errors=True)
        self.media_type = "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element


def archived(html: str, stylesheet: Path, *, data: Data | None = None) -> bytes:
    """Return a page as a PDF that keeps; the same page gives the same bytes. Its language is
    Vietnamese, its title is that of the page, its fonts are the system's and lie within it.

    The page is written as XML. One that names anything outside is refused: none of ours does.
    """
    with _ONE_AT_A_TIME:
        document = _drawn(html, stylesheet)
        document.color_profiles[_COLOURS] = _colours()
        written: bytes = document.write_pdf(
            pdf_variant="pdf/a-3u",
            pdf_tags=True,
            output_intent=_COLOURS,
            attachments=[_attached(data)] if data else None,
            finisher=_finish,
        )
    return written


def leaves(html: str, stylesheet: Path) -> bytes:
    """Return the pages that ``archived`` has, to be bound with others: without what only a file of
    its own can have, tags above all, which take most of the time to read again."""
    with _ONE_AT_A_TIME:
        written: bytes = _drawn(html, stylesheet).write_pdf()
    return written


def _drawn(html: str, stylesheet: Path) -> Document:
    fonts, stylesheets = _look(stylesheet)
    return Page(html).render(stylesheets=stylesheets, font_config=fonts, output_intent=_COLOURS)


@cache
def _look(stylesheet: Path) -> tuple[FontConfiguration, list[CSS]]:
    """Read stylesheets and fonts once a process."""
    fonts = FontConfiguration()
    return fonts, [CSS(filename=path, font_config=fonts) for path in (PAPER, stylesheet)]


def _colours() -> ColorProfile:
    """Return what black and white are, as the renderer's own profile says, which it would leave
    open."""
    with (files(pdf) / "sRGB2014.icc").open("rb") as profile:
        return ColorProfile(profile, _COLOURS, "relative-colorimetric", ("r", "g", "b"))


def _attached(data: Data) -> Attachment:
    return Attachment(
        file_obj=BytesIO(data.content),
        name=data.name,
        description=data.description,
        created=_NO_DAY,
        modified=_NO_DAY,
        relationship="Data",
    )


def _finish(document: Document, made: Any) -> None:
    """Say what the file is, and put right what the two standards ask beyond what is drawn."""
    number = int(made.catalog["Metadata"].split()[0])
    made.objects[number].stream = [_said(document.metadata.title or "").encode()]
    if "AF" in made.catalog:
        # Each attachment is named twice otherwise.
        made.catalog["AF"] = type(made.catalog["AF"])(dict.fromkeys(made.catalog["AF"]))
    Structure(made).settle()
    for found in made.objects:
        _forget_days(found)
    freeze(made)


def _forget_days(found: Any) -> None:
    extra = getattr(found, "extra", None)
    if isinstance(extra, dict) and extra.get("Type") == "/EmbeddedFile":
        del extra["Params"]["CreationDate"], extra["Params"]["ModDate"]


_SAID = """\
<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>vi</rdf:li></rdf:Bag></dc:language>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<pdf:Producer>{producer}</pdf:Producer>
</rdf:Description>
<rdf:Description rdf:about=""
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


def _said(title: str) -> str:
    """Return what the file says of itself. PDF/A knows the words of PDF/UA only where they are
    explained to it."""
    return _SAID.format(title=escape(title), producer=escape(PRODUCER))
