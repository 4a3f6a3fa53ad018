"""Moments as documents write them: `dateTimeStamp` of XML Schema 1.1, which always has a zone."""

import re
from datetime import datetime
from typing import Any

_WRITTEN = re.compile(r"[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})")


def moment(text: Any) -> datetime:
    """The moment that `text` names, aware. Raises ValueError for anything else, and for a day or an hour that never is."""
    if not isinstance(text, str) or not _WRITTEN.fullmatch(text):
        raise ValueError("not a moment with its zone")
    return datetime.fromisoformat(text)
