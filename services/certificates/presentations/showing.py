"""From the rows of a presentation to what is seen: the chosen fields and the state, and nothing else."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import orjson

from onex.chassis.pii import Vault
from services.certificates.inquiry import wording
from services.certificates.issuing import names, numbers
from services.certificates.presentations.queries import Shown
from services.certificates.presentations.rules import FIELDS


def as_json(vault: Vault, found: Shown, now: datetime) -> dict[str, Any]:
    """What programs get."""
    return {
        "viewed_at": now,
        "expires_at": found.expires_at,
        "certificates": [dict(_parts(vault, row)) for row in found.certificates],
    }


def for_page(vault: Vault, found: Shown, now: datetime) -> dict[str, Any]:
    """What the page's template is given."""
    certificates = []
    for row in found.certificates:
        parts = dict(_parts(vault, row))
        parts |= {"state": wording.state_of(row.state), "type": parts["certificate_type"]}
        if "level" in parts:
            parts["level"] = wording.LEVELS[row.level]
        if "issued_on" in parts:
            parts["issued"] = wording.day(row.issued_on)
        if "number" in parts:
            parts["number"] = numbers.grouped(row.number)
        certificates.append(parts)
    return {
        "certificates": certificates,
        "checked": wording.moment(now),
        "expires": wording.moment(found.expires_at),
    }


def _parts(vault: Vault, row: Any) -> Iterator[tuple[str, Any]]:
    """The state, and the chosen fields in the order of FIELDS."""
    yield "state", row.state
    for field in FIELDS:
        if field in row.fields:
            yield field, _value(vault, field, row._mapping)


def _value(vault: Vault, field: str, row: Mapping[str, Any]) -> Any:
    if field == "certificate_type":
        return {"code": row["type_code"], "name_zh": row["type_zh"], "name_en": row["type_en"]}
    if field == "teo":
        return {"name_zh": row["teo_zh"], "name_en": row["teo_en"]}
    if field == "name":
        return names.open_name(vault, row["sealed_name"])
    if field == "credential":
        return orjson.loads(row["credential"])
    return row[field]
