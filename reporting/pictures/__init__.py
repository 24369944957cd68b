"""Pictures of figures, drawn on the server as SVG text from frozen values and nothing else."""

from reporting.pictures.bars import Bar, Bars, bars
from reporting.pictures.figure import Cell, Figure
from reporting.pictures.spark import Spark, spark
from reporting.pictures.stacked import Stack, Stacked, stacked
from reporting.pictures.trend import Mark, Point, Trend, Turn, trend

__all__ = [
    "Bar",
    "Bars",
    "Cell",
    "Figure",
    "Mark",
    "Point",
    "Spark",
    "Stack",
    "Stacked",
    "Trend",
    "Turn",
    "bars",
    "spark",
    "stacked",
    "trend",
]
