"""Text that people write: not blank, of a bounded length, and nothing in it that a database cannot keep."""

import re
from typing import Any

from marshmallow import ValidationError, fields, validate

# PostgreSQL keeps neither NUL nor half a surrogate pair; other control characters are never meant.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def printable(text: str) -> None:
    """Raise ValidationError when `text` holds control characters or broken ones."""
    if _UNPRINTABLE.search(text):
        raise ValidationError("There are characters in it that are no text.")


class Text(fields.String):
    """A string of 1 to `longest` characters, without the white space around it; "" only where `blank` is allowed."""

    def __init__(self, longest: int, *, blank: bool = False, **options: Any) -> None:
        super().__init__(validate=[validate.Length(min=0 if blank else 1, max=longest), printable], **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        return super()._deserialize(value, attr, data, **options).strip()


def division_code(**options: Any) -> fields.String:
    """Six digits; whether GB/T 2260 knows them is for the rules to say."""
    return fields.String(validate=validate.Regexp(r"^[0-9]{6}\Z"), metadata={"description": "GB/T 2260"}, **options)


def province_code(**options: Any) -> fields.String:
    """Two digits: the first two of GB/T 2260, or 66 for the Corps."""
    return fields.String(validate=validate.Regexp(r"^[0-9]{2}\Z"), **options)
