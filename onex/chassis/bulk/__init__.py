"""Bulk files that schools really send: CSV and XLSX uploads read into good rows and refused rows, side by side.

Pure: bytes in, rows out; no database, no clock, no network. See `read` for the whole of it.
"""

from onex.chassis.bulk.reading import Limits, Reading, read
from onex.chassis.bulk.refusals import CellRefused, FileRefused, Good, Refused
from onex.chassis.bulk.report import report_csv
from onex.chassis.bulk.sheet import Column, Sheet

__all__ = [
    "CellRefused",
    "Column",
    "FileRefused",
    "Good",
    "Limits",
    "Reading",
    "Refused",
    "Sheet",
    "read",
    "report_csv",
]
