"""The tables of the catalogue."""

from indicators.models.forms import (
    Form,
    FormVersion,
    Function,
    Indicator,
    IndicatorEvent,
    IndicatorLink,
    Row,
    Rule,
    Upload,
    VersionEvent,
)

__all__ = [
    "Form",
    "FormVersion",
    "Function",
    "Indicator",
    "IndicatorEvent",
    "IndicatorLink",
    "Row",
    "Rule",
    "Upload",
    "VersionEvent",
]
