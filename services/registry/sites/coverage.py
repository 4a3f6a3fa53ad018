"""Prefecture-level cities that have pilot colleges and, for a certificate type, no site (OP-24)."""

import base64
import binascii
import uuid
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from onex.chassis.access import Caller, Role
from onex.chassis.problems import Malformed
from onex.chassis.web import exporting
from onex.chassis.web.paging import DEFAULT_SIZE, MAX_SIZE

EXPORT_ROWS_A_TIME = 5_000

# One query: the cities are read once from the index on those who take part (a city is the first four digits of GB/T 2260);
# then, type by type in the order of their codes, each city is looked up among the filed sites of colleges that still take
# part. It stops when a page is full. Where a site lies is asked twice over: as a range, which the index of filed sites answers
# for a page, and as an equality, by which the whole report is one hash join. OFFSET 0 keeps a page from becoming one too.
_GAPS = """
    WITH city AS MATERIALIZED (
        SELECT left(division_code, 4) AS city_code, province_code, count(*) AS colleges
        FROM organization
        WHERE kind = 'college' AND status = 'admitted'
            AND (CAST(:province AS text) IS NULL OR province_code = :province)
        GROUP BY 1, 2
    )
    SELECT type.id AS certificate_type_id, type.code AS type_code, type.name_zh AS type_name_zh,
        type.name_en AS type_name_en, type.teo_id, city.city_code, city.province_code, city.colleges
    FROM certificate_type AS type CROSS JOIN city
    WHERE type.version > 0
        AND (CAST(:teo AS uuid) IS NULL OR type.teo_id = :teo)
        AND (CAST(:type AS uuid) IS NULL OR type.id = :type)
        AND type.code >= :code
        AND (type.code, city.city_code, city.province_code) > (:code, :city, :in_province)
        AND NOT EXISTS (
            SELECT FROM site JOIN organization AS college ON college.id = site.college_id
            WHERE site.certificate_type_id = type.id AND site.state = 'filed'
                AND site.division_code BETWEEN city.city_code || '00' AND city.city_code || '99'
                AND left(site.division_code, 4) = city.city_code
                AND college.status = 'admitted'
            {apart}
        )
    ORDER BY type.code, city.city_code, city.province_code
    LIMIT CAST(:rows AS bigint)
    """
GAPS, PAGE_OF_GAPS = text(_GAPS.format(apart="")), text(_GAPS.format(apart="OFFSET 0"))
HEADING = (
    "type_code", "type_name_zh", "type_name_en", "certificate_type_id", "teo_id", "city_code", "province_code", "colleges",
)  # fmt: skip


class Place(NamedTuple):
    """The last gap of a page; the next page begins after it."""

    code: str = ""
    city: str = ""
    in_province: str = ""


def gaps(session: Session, by: Caller, query: dict[str, Any]) -> dict[str, Any]:
    """A page of what the caller may see: `{"items": [...], "next": cursor or None}`, by type and city."""
    limit = min(max(query["size"] or DEFAULT_SIZE, 1), MAX_SIZE)
    after = _decode(query["cursor"]) if query["cursor"] else Place()
    rows = _read(session, _scope(by, query), after, limit + 1)
    following = _encode(_place_of(rows[limit - 1])) if len(rows) > limit else None
    return {"items": rows[:limit], "next": following}


def gaps_file(session: Session, by: Caller, query: dict[str, Any]) -> Iterator[bytes]:
    """Every gap the caller may see, as the pieces of a CSV or XLSX file; written to the disk first, as it may be long."""
    chunks = _chunks(session, _scope(by, query))
    if query["format"] == "xlsx":
        return exporting.xlsx_pieces(HEADING, chunks)
    return exporting.written_first(exporting.csv_pieces(HEADING, chunks))


def _scope(by: Caller, query: dict[str, Any]) -> dict[str, Any]:
    """OP-01: a province sees its own territory and a TEO its own types, whatever else they ask for."""
    province, teo = query["province_code"], None
    type_id: uuid.UUID | None = query["certificate_type_id"]
    if by.role == Role.PROVINCE:
        # A province that names another one is told of nothing: no province has an empty code.
        own = by.province_code or ""
        province = own if province in (None, own) else ""
    elif by.role == Role.TEO:
        teo = by.organization_id or uuid.UUID(int=0)
    return {"province": province, "teo": teo, "type": type_id}


def _chunks(session: Session, scope: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
    """The whole report, some rows at a time, through a cursor on the server."""
    found = session.execute(
        GAPS, scope | Place()._asdict() | {"rows": None}, execution_options={"yield_per": EXPORT_ROWS_A_TIME}
    )
    for part in found.mappings().partitions():
        yield [dict(row) | {name: str(row[name]) for name in ("certificate_type_id", "teo_id")} for row in part]


def _read(session: Session, scope: dict[str, Any], after: Place, rows: int) -> Sequence[dict[str, Any]]:
    found = session.execute(PAGE_OF_GAPS, scope | after._asdict() | {"rows": rows})
    return [dict(row) for row in found.mappings()]


def _place_of(row: dict[str, Any]) -> Place:
    return Place(row["type_code"], row["city_code"], row["province_code"])


def _encode(place: Place) -> str:
    return base64.urlsafe_b64encode("|".join(place).encode()).decode().rstrip("=")


def _decode(cursor: str) -> Place:
    try:
        code, city, province = base64.urlsafe_b64decode(cursor.encode("ascii") + b"==").decode("ascii").split("|")
    except (ValueError, binascii.Error):
        raise Malformed("The cursor is not one that this list gave out.") from None
    if "\x00" in code + city + province:
        raise Malformed("The cursor is not one that this list gave out.")
    return Place(code, city, province)
