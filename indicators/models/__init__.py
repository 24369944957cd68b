"""The tables of the catalogue."""

from indicators.models.forms import Form, FormVersion, Indicator, Row

__all__ = ["Form", "FormVersion", "Indicator", "Row"]
