"""The file formats: each turns an Appendix into bytes and knows nothing else."""

from collections.abc import Callable
from dataclasses import dataclass

from reporting.documents.formats import csv, docx, pdf, xlsx
from reporting.printing.appendix import Appendix


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write an Appendix; ``extension`` is also its name in addresses and commands. One
    that ``tells_found`` has room for what the checks of a report found."""

    extension: str
    label: str
    content_type: str
    render: Callable[[Appendix], bytes]
    tells_found: bool = False


FORMATS = {
    found.extension: found
    for found in (
        Format("xlsx", "Excel", xlsx.CONTENT_TYPE, xlsx.render, tells_found=True),
        Format("docx", "Word", docx.CONTENT_TYPE, docx.render),
        Format("pdf", "PDF", pdf.CONTENT_TYPE, pdf.render),
        Format("csv", "CSV", csv.CONTENT_TYPE, csv.render),
    )
}
