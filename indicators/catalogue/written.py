"""A form version as written: one set of columns for folders, workbooks, drafts and comparison."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date

INDICATOR_COLUMNS = ("code", "name", "unit", "kind", "definition", "legal_basis")
FUNCTION_COLUMNS = ("code", "name", "called")
LINK_COLUMNS = ("older", "newer", "change", "meaning", "note")
ROW_COLUMNS = (
    "position",
    "key",
    "stt",
    "label",
    "unit",
    "who_reports",
    "parent",
    "kind",
    "choices",
    "indicator",
    "formula",
    "across_agencies",
    "across_periods",
    "asked",
    "reporter",
    "vertical",
    "emphasis",
)
RULE_COLUMNS = ("code", "severity", "condition", "missing", "sentence", "instruction")

# What titles and legal lines leave open for each report; the Appendix fills it in.
PLACEHOLDERS = ("{PERIOD}", "{period}", "{AGENCY}", "{agency}", "{AREA}", "{number}", "{date}")

# What a content hash covers, by the scheme it was made under. A version published before a column
# existed keeps its hash until the column is filled in (``actions.versions``, ADR 12).
SCHEME = 3
_LATER_COLUMNS = {
    1: frozenset({"asked", "missing"}),
    2: frozenset({"missing"}),
    3: frozenset[str](),
}

# How the reason of a proposal begins that is a guess by likeness: it is taken row by row, never
# along with all others.
DOUBTFUL = "chỉ gần giống"

Line = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class VersionHead:
    """What is said of a form version beside its rows."""

    code: str
    form: str
    form_name: str
    edition: str
    valid_from: date
    appendix_label: str
    title: str
    legal_line: str
    label_heading: str
    last_heading: str
    note: str
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class VersionSheet:
    """A form version as written: its head, its rows under ``ROW_COLUMNS`` and its rules under
    ``RULE_COLUMNS``, all text."""

    head: VersionHead
    rows: Sequence[Line]
    rules: Sequence[Line] = ()

    def content_hash(self, scheme: int = SCHEME) -> str:
        """SHA-256 over head, rows and rules in a fixed writing: equal content, equal hash."""
        later = _LATER_COLUMNS[scheme]
        columns = [column for column in ROW_COLUMNS if column not in later]
        content: dict[str, object] = {
            # A form may be renamed by a later edition; what this one prints stays the same.
            "head": {
                name: str(value or "")
                for name, value in asdict(self.head).items()
                if name != "form_name"
            },
            "rows": [[row[column] for column in columns] for row in self.rows],
        }
        if scheme > 1:
            content["rules"] = [
                [rule[column] for column in RULE_COLUMNS if column not in later]
                for rule in self.rules
            ]
        written = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(written.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Document:
    """All that a draft holds beside its head.

    ``indicators`` are new ones, to be made when the draft is published. ``proposals`` are values
    that the reader of a printed table put in on its own: row key → column → why; they wait until
    a person accepts or changes them.
    """

    rows: Sequence[Line] = ()
    rules: Sequence[Line] = ()
    indicators: Sequence[Line] = ()
    proposals: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """What the checks of one form need to know of the rest of the catalogue."""

    indicators: Mapping[str, str]  # code → kind
    functions: Mapping[str, str]  # code → name


def blank_row(**said: str) -> dict[str, str]:
    """Return a row with every column, empty where nothing is ``said``."""
    return dict.fromkeys(ROW_COLUMNS, "") | said


def numbered(rows: Sequence[Line]) -> list[dict[str, str]]:
    """Return ``rows`` with their positions counted anew from 1, in the order they stand in."""
    return [{**row, "position": str(place)} for place, row in enumerate(rows, start=1)]
