"""What a file or a pasted table would make of a draft, told before anything is changed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from indicators.catalogue import editing
from indicators.catalogue.files import BadFile, Fault, Reading, left_out, read_file
from indicators.catalogue.printed import read_pasted
from indicators.catalogue.problems import MOST_ROWS, Problem, unreadable
from indicators.catalogue.proposals import propose
from indicators.catalogue.written import Document
from indicators.kinds import Severity
from indicators.models import Form
from indicators.queries.versions import earlier_sheets
from indicators.resources import FunctionResource, IndicatorResource

PASTED = "bảng dán vào trang"


@dataclass(frozen=True, slots=True)
class Found:
    """What was read. With ``stops`` nothing of it can be taken over; ``remarks`` tell what else the
    file holds that was left out or looks odd. Both say sheet, cell, what was found, what to do."""

    document: Document | None
    stops: Sequence[Fault]
    remarks: Sequence[Fault]


def read_source(*, name: str, content: bytes, form: str, base: Document) -> Found:
    """Read a file for a draft of ``form`` that holds ``base``. Raises BadFile with a sentence."""
    reading = read_file(name, content, base=base)
    return _found(_proposed(reading, form, base))


def read_paste(*, text: str, form: str, base: Document) -> Found:
    """Read a table pasted from Word or Excel. Raises BadFile with a sentence."""
    table = read_pasted(text)
    if not table.lines:
        raise BadFile(
            "Không thấy bảng nào trong đoạn dán: mỗi dòng phải có các ô STT, Chỉ tiêu, Đơn vị tính"
            " cách nhau bằng phím Tab. Hãy chọn cả bảng trong Word hoặc Excel rồi sao chép lại."
        )
    faults = tuple(left_out(table, PASTED))
    reading = Reading(document=Document(), table=table, faults=faults, sheet=PASTED)
    return _found(_proposed(reading, form, base))


def _proposed(reading: Reading, form: str, base: Document) -> Reading:
    """Make a draft of a printed table; a file of our own is one already."""
    if reading.table is None:
        return reading
    if len(reading.table.lines) > MOST_ROWS:
        raise BadFile(
            f"Bảng có {len(reading.table.lines)} dòng; một biểu có nhiều nhất {MOST_ROWS} dòng. Hãy"
            " chỉ lấy bảng của một biểu."
        )
    indicators = IndicatorResource().export().dict
    document = propose(
        reading.table,
        earlier=earlier_sheets(Form.objects.filter(code=form).first()),
        indicators={line["code"]: line for line in indicators},
        functions=FunctionResource().export().dict,
    )
    return replace(reading, document=editing.with_decisions(document, base))


def _found(reading: Reading) -> Found:
    document = reading.document
    blocking = list(unreadable(document.rows))
    stops = [fault for fault in reading.faults if fault.severity is Severity.ERROR]
    stops += [_placed(reading, problem) for problem in blocking]
    remarks = [fault for fault in reading.faults if fault.severity is not Severity.ERROR]
    return Found(None if stops else document, stops, remarks)


def _placed(reading: Reading, problem: Problem) -> Fault:
    sheet, cell = reading.place(problem)
    return Fault(sheet, cell, problem.found, problem.sentence, problem.severity)
