"""A Word file written block by block: page, type, tables, and words that are only ever words.

Blocks are pieces of WordprocessingML, read into the file at once: asked for cell by cell,
python-docx looks the whole table through for each. Whatever a person wrote goes through ``runs``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm

from reporting.documents.formats.packages import settled
from reporting.documents.formats.workbook import FONT, printable
from reporting.printing.appendix import Letterhead
from reporting.printing.letterhead import COUNTRY, MOTTO

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# The paper of Decree 30/2020/NĐ-CP, in millimetres.
SHORT_SIDE, LONG_SIDE = 210, 297
TOP, RIGHT, BOTTOM, LEFT = 22, 17, 20, 30
TWIPS = 1440 / 25.4  # to the millimetre: what Word measures tables and indents in
_LANGUAGE = "vi-VN"
# How far the signs of the country's letterhead reach, in millimetres.
_COUNTRY_COLUMN, _MOTTO_RULE, _ISSUER_RULE, _MARK_SIDE = 95, 58, 24, 20


@dataclass(frozen=True, slots=True)
class Type:
    """One way a paragraph looks: its size in points, its weight and slant, where it stands, how
    many millimetres its ``first`` line stands in."""

    size: float
    align: str = "left"
    is_bold: bool = False
    is_italic: bool = False
    after: float = 0
    level: int | None = None
    first: float = 0


TYPES = {
    "label": Type(14, "center", is_bold=True, after=2),
    "title": Type(13, "center", is_bold=True, after=2, level=0),
    "legal": Type(13, "center", is_italic=True, after=2),
    "notice": Type(11, "center", is_italic=True),
    "head": Type(11.5, "center", is_bold=True),
    "cell": Type(11.5),
    "centre": Type(11.5, "center"),
    "figure": Type(11.5, "right"),
    "stt": Type(11, "center"),
    "remark": Type(10.5),
    "above": Type(12, "center"),
    "issuer": Type(12, "center", is_bold=True),
    "motto": Type(13, "center", is_bold=True),
    "number": Type(13, "center"),
    "place": Type(13, "center", is_italic=True),
    "body": Type(13, "both", after=6),
    "letter": Type(13, "both", after=6, first=10),
    "address": Type(14, "center", after=10),
    "recipient": Type(11),
    "date": Type(12, "center", is_italic=True),
    "sign": Type(12, "center", is_bold=True),
    "list-head": Type(9, "center", is_bold=True),
    "list-cell": Type(9.5),
    "list-figure": Type(9.5, "right"),
    "mark": Type(9),
    "page": Type(13, "center"),
    "foot": Type(8, "right"),
    "gap": Type(1),
}


# Blocks


def runs(text: str, *, is_bold: bool = False, is_italic: bool = False) -> str:
    """Return ``text`` as words: no sign in it is markup, a field or a formula."""
    if not text:
        return ""
    look = ("<w:b/>" if is_bold else "") + ("<w:i/>" if is_italic else "")
    look = look and f"<w:rPr>{look}</w:rPr>"
    return f"<w:r>{look}{''.join(_pieces(text))}</w:r>"


def _pieces(text: str) -> Iterator[str]:
    """Yield the words of a run and, between them, its line ends and tabs."""
    for number, line in enumerate(escape(printable(text)).split("\n")):
        if number:
            yield "<w:br/>"
        for place, words in enumerate(line.split("\t")):
            if place:
                yield "<w:tab/>"
            if words:
                yield f'<w:t xml:space="preserve">{words}</w:t>'


def paragraph(
    said: str, type_: str, *, keeps_next: bool = False, indent: int = 0, gap: float = 0
) -> str:
    """Return a paragraph of runs; ``indent`` and the ``gap`` above it are in points."""
    keeps = "<w:keepNext/>" if keeps_next else ""
    space = f'<w:spacing w:before="{gap * 20:.0f}"/>' if gap else ""
    depth = f'<w:ind w:left="{indent * 20}"/>' if indent else ""
    look = f'<w:pStyle w:val="cchc-{type_}"/>{keeps}{space}{depth}'
    return f"<w:p><w:pPr>{look}</w:pPr>{said}</w:p>"


def rule(column: float, length: float) -> str:
    """Return a line of ``length`` in the middle of a ``column``, both in millimetres."""
    side = _twips((column - length) / 2)
    return (
        '<w:p><w:pPr><w:pStyle w:val="cchc-gap"/>'
        '<w:pBdr><w:bottom w:val="single" w:sz="6" w:space="0" w:color="auto"/></w:pBdr>'
        f'<w:spacing w:after="80"/><w:ind w:left="{side}" w:right="{side}"/></w:pPr></w:p>'
    )


def cell(width: int, *paragraphs: str, across: int = 1, down: str = "", at: str = "top") -> str:
    """Return a cell ``width`` twips wide over ``across`` columns; ``down`` begins ("restart") or
    goes on with ("continue") a cell over several rows. Its words stand ``at`` top or center."""
    span = f'<w:gridSpan w:val="{across}"/>' if across > 1 else ""
    merge = f'<w:vMerge w:val="{down}"/>' if down else ""
    look = f'<w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}<w:vAlign w:val="{at}"/>'
    return f"<w:tc><w:tcPr>{look}</w:tcPr>{''.join(paragraphs)}</w:tc>"


def row(*cells: str, is_heading: bool = False, is_whole: bool = True, height: float = 0) -> str:
    """Return a row of at least ``height`` points; a heading is repeated on every page, one that is
    whole is never cut."""
    look = "<w:cantSplit/>" if is_whole else ""
    look += f'<w:trHeight w:val="{height * 20:.0f}" w:hRule="atLeast"/>' if height else ""
    look += "<w:tblHeader/>" if is_heading else ""
    return f"<w:tr>{look and f'<w:trPr>{look}</w:trPr>'}{''.join(cells)}</w:tr>"


def table(widths: Sequence[int], rows: Sequence[str], *, has_grid: bool, name: str = "") -> str:
    """Return a table with columns of fixed ``widths`` in twips, with lines around its cells or
    without; ``name`` tells it to who cannot see it."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in sides
    )
    borders = f"<w:tblBorders>{lines}</w:tblBorders>" if has_grid else ""
    margins = "".join(
        f'<w:{side} w:w="{size}" w:type="dxa"/>'
        for side, size in (("top", 40), ("left", 60), ("bottom", 40), ("right", 60))
    )
    said = f"<w:tblCaption w:val={quoteattr(printable(name))}/>" if name else ""
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>{borders}'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar>{said}</w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def letterhead_block(head: Letterhead, width: int) -> str:
    """Return what a whole document begins with, in two columns over ``width`` millimetres: the
    issuing body with its number, the country with place and date."""
    left = width - _COUNTRY_COLUMN
    widths = (_twips(left), _twips(_COUNTRY_COLUMN))
    above = [paragraph(runs(head.above), "above")] if head.above else []
    names = row(
        cell(widths[0], *above, paragraph(runs(head.issuer), "issuer"), rule(left, _ISSUER_RULE)),
        cell(
            widths[1],
            paragraph(runs(COUNTRY), "issuer"),
            paragraph(runs(MOTTO), "motto"),
            rule(_COUNTRY_COLUMN, _MOTTO_RULE),
        ),
    )
    day = row(
        cell(widths[0], paragraph(runs(head.number), "number")),
        cell(widths[1], paragraph(runs(head.place_and_date), "place")),
    )
    return table(widths, (names, day), has_grid=False) + paragraph("", "notice")


def _twips(millimetres: float) -> int:
    return round(millimetres * TWIPS)


def columns(*millimetres: float) -> tuple[int, ...]:
    """Return widths of columns as tables take them."""
    return tuple(map(_twips, millimetres))


# The file


class WordFile:
    """A Word file in the making: blocks added from top to bottom."""

    def __init__(self, *, title: str, is_wide: bool = False, foot: str = "") -> None:
        """``foot`` stands small at the foot of every page."""
        self._document = Document()
        self._blocks: list[str] = []
        self.width = (LONG_SIDE if is_wide else SHORT_SIDE) - LEFT - RIGHT
        self._set_page(is_wide=is_wide)
        self._set_types()
        self._set_head()
        if foot:
            self._set_foot(foot)
        self._describe(title)

    def add(self, *blocks: str) -> None:
        self._blocks += blocks

    def mark(self, picture: bytes, *lines: str) -> None:
        """Add a small picture with lines of words beside it, kept on one page."""
        widths = columns(_MARK_SIDE + 4, self.width - _MARK_SIDE - 4)
        words = [paragraph(runs(line), "mark") for line in lines]
        drawn = paragraph(self._picture(picture, "; ".join(lines)), "mark")
        self.add(
            paragraph("", "notice", keeps_next=True),
            table(widths, (row(cell(widths[0], drawn), cell(widths[1], *words)),), has_grid=False),
        )

    def content(self) -> bytes:
        """Return the bytes of the file; the same blocks give the same bytes."""
        page = self._document.element.body.sectPr
        # Behind a table a file must not end without a paragraph.
        body = "".join((*self._blocks, paragraph("", "gap"), page.xml))
        # Read as a whole: moved block by block into the template's own body they take as long as
        # all the rest.
        self._document.part._element = parse_xml(
            f"<w:document {nsdecls('w', 'r')}><w:body>{body}</w:body></w:document>"
        )
        target = BytesIO()
        self._document.save(target)
        return settled(target.getvalue())

    def _picture(self, png: bytes, words: str) -> str:
        side = Mm(_MARK_SIDE)
        drawn = self._document.part.new_pic_inline(BytesIO(png), side, side)
        drawn.docPr.set("descr", printable(words))
        return f"<w:r><w:drawing>{drawn.xml}</w:drawing></w:r>"

    def _set_page(self, *, is_wide: bool) -> None:
        page = self._document.sections[0]
        sides = (Mm(SHORT_SIDE), Mm(LONG_SIDE))
        page.page_width, page.page_height = reversed(sides) if is_wide else sides
        page.orientation = WD_ORIENT.LANDSCAPE if is_wide else WD_ORIENT.PORTRAIT
        page.top_margin, page.right_margin = Mm(TOP), Mm(RIGHT)
        page.bottom_margin, page.left_margin = Mm(BOTTOM), Mm(LEFT)
        page.header_distance, page.footer_distance = Mm(11), Mm(10)

    def _set_head(self) -> None:
        """A page number top centre from page 2 on."""
        page = self._document.sections[0]
        page.different_first_page_header_footer = True
        page.header.is_linked_to_previous = False
        number = paragraph(
            '<w:fldSimple w:instr="PAGE"><w:r><w:t>2</w:t></w:r></w:fldSimple>', "page"
        )
        _put(page.header, number)

    def _set_foot(self, words: str) -> None:
        page = self._document.sections[0]
        for foot in (page.first_page_footer, page.footer):
            foot.is_linked_to_previous = False
            _put(foot, paragraph(runs(words), "foot"))

    def _set_types(self) -> None:
        styles = self._document.styles.element
        whole = styles.find(qn("w:docDefaults"))
        fonts = " ".join(f'w:{name}="{FONT}"' for name in ("ascii", "hAnsi", "eastAsia", "cs"))
        whole.getparent().replace(
            whole,
            parse_xml(
                f"<w:docDefaults {nsdecls('w')}><w:rPrDefault><w:rPr><w:rFonts {fonts}/>"
                f'<w:sz w:val="24"/><w:szCs w:val="24"/>'
                f'<w:lang w:val="{_LANGUAGE}" w:eastAsia="{_LANGUAGE}" w:bidi="ar-SA"/>'
                "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
            ),
        )
        for name, type_ in TYPES.items():
            styles.append(parse_xml(_style(name, type_)))

    def _describe(self, title: str) -> None:
        """Say what the file is, and nothing of who or what made it when."""
        said = self._document.core_properties
        said.title = printable(title)[:255]
        said.language = _LANGUAGE
        said.author = said.comments = ""
        for name in ("dcterms:created", "dcterms:modified"):
            element = said._element.find(qn(name))
            said._element.remove(element)
        package = self._document.part.package
        for name, relation in list(package.rels.items()):
            if relation.reltype.endswith("/thumbnail"):  # a picture of the template
                del package.rels[name]
        settings = self._document.settings.element
        mode = settings.find(f".//{qn('w:compatSetting')}[@{qn('w:name')}='compatibilityMode']")
        mode.set(qn("w:val"), "15")  # else Word opens the file "in compatibility mode"
        settings.find(qn("w:themeFontLang")).set(qn("w:val"), _LANGUAGE)


def _put(part: Any, block: str) -> None:
    """Let a head or foot of pages hold one paragraph alone."""
    part._element.clear()
    part._element.append(parse_xml(block.replace("<w:p>", f"<w:p {nsdecls('w')}>", 1)))


def _style(name: str, type_: Type) -> str:
    weight = ("<w:b/>" if type_.is_bold else "") + ("<w:i/>" if type_.is_italic else "")
    level = "" if type_.level is None else f'<w:outlineLvl w:val="{type_.level}"/>'
    first = f'<w:ind w:firstLine="{_twips(type_.first)}"/>' if type_.first else ""
    size = round(2 * type_.size)
    return (
        f'<w:style {nsdecls("w")} w:type="paragraph" w:customStyle="1" w:styleId="cchc-{name}">'
        f'<w:name w:val="cchc {name}"/><w:basedOn w:val="Normal"/><w:qFormat/>'
        f'<w:pPr><w:spacing w:before="0" w:after="{20 * type_.after:.0f}"/>{first}'
        f'<w:jc w:val="{type_.align}"/>{level}</w:pPr>'
        f'<w:rPr>{weight}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr></w:style>'
    )
