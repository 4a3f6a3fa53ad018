"""What a database holds, in a form in which two runs can be compared.

A value that is drawn at random differs between two runs that did the same: `steady` finds those columns by comparing two such
runs. What a sequence gives is left out: a batch that was undone has drawn from it too. A time that is later than the test's
beginning is the time of writing. A random key that another table refers to is replaced by what the referred row says.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy
from sqlalchemy import text
from sqlalchemy.orm import Session

from onex.chassis.database import Database

Row = Mapping[str, Any]
Contents = dict[str, list[Row]]
LEFT_OUT = (
    "alembic_version",
    "idempotency_key",
    "log_head",
    "breach",
    "timeliness_report",
)  # the last three count how often a timer looked
OF_THE_MOMENT = ("entry_due_soon", "entry_breached", "timeliness_reported")
"""Events that say how far something had come when a timer looked: they are as many as it looked."""


def contents(database: Database) -> Contents:
    """Every row of every table, JSON columns opened, references followed."""
    inspector = sqlalchemy.inspect(database.engine)
    tables = [name for name in inspector.get_table_names() if name not in LEFT_OUT]
    keys = {name: inspector.get_foreign_keys(name) for name in tables}
    with database.session() as session:
        raw = {name: _rows(session, name, _drawn(inspector, name)) for name in tables}
    found: Contents = {}
    for name, rows in raw.items():
        found[name] = [_opened(part) for row in rows for part in _apart(row)]
        for key in keys[name]:
            if len(key["constrained_columns"]) == 1:
                column, referred = key["constrained_columns"][0], key["referred_columns"][0]
                by_key = {row[referred]: row for row in raw[key["referred_table"]]}
                for row, before in zip(found[name], rows, strict=True):
                    if before[column] in by_key:
                        del row[column]  # type: ignore[attr-defined]
                        row |= {f"{column} → {k}": v for k, v in _opened(by_key[before[column]]).items()}  # type: ignore[operator]
    return found


def _drawn(inspector: sqlalchemy.Inspector, table: str) -> set[str]:
    """What a sequence gives, and the places in the status lists and in the log, which are given in the order of coming."""
    given = ("status_index", "index")
    return {one["name"] for one in inspector.get_columns(table) if one.get("identity") or one["name"] in given}


def _rows(session: Session, table: str, without: set[str]) -> list[dict[str, Any]]:
    rows = session.execute(text(f'SELECT * FROM "{table}"')).mappings()
    lasting = (row for row in rows if row.get("routing_key") not in OF_THE_MOMENT)
    return [{column: value for column, value in row.items() if column not in without} for row in lasting]


def _apart(row: dict[str, Any]) -> list[dict[str, Any]]:
    """An event says together what came together: one row for each thing that it says."""
    said = _json(row.get("body"))
    if not isinstance(said, dict) or "deposits" not in said:
        return [row]
    return [row | {"body": {key: said[key] for key in said if key != "deposits"} | one} for one in said["deposits"]]


def _opened(row: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for column, value in row.items():
        as_json = _json(value)
        if isinstance(as_json, dict):
            flat |= {f"{column}.{key}": _plain(inner) for key, inner in as_json.items()}
        else:
            flat[column] = _plain(value)
    return flat


def _json(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        try:
            return orjson.loads(bytes(value))
        except orjson.JSONDecodeError:
            return None
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple | dict):
        return orjson.dumps(value, default=str, option=orjson.OPT_SORT_KEYS).decode()
    return bytes(value) if isinstance(value, memoryview) else value


def steady(one: Contents, other: Contents, began: datetime) -> dict[str, set[str]]:
    """The columns, by table, that hold the same in two runs that did the same, and no time since `began`."""
    return {
        table: {
            column
            for column in _columns(one[table])
            if _values(one[table], column) == _values(other[table], column) and not _since(one[table], column, began)
        }
        for table in one
    }


def compared(found: Contents, columns: Mapping[str, set[str]]) -> dict[str, Counter[tuple[tuple[str, str], ...]]]:
    """The rows of each table in these columns only, each with how often it is there."""
    return {
        table: Counter(
            tuple((column, _shown(row.get(column))) for column in sorted(columns.get(table, ()))) for row in rows
        )
        for table, rows in found.items()
    }


def _columns(rows: Iterable[Row]) -> set[str]:
    return {column for row in rows for column in row}


def _since(rows: Iterable[Row], column: str, began: datetime) -> bool:
    values = (row.get(column) for row in rows)
    return any(isinstance(value, datetime) and value >= began for value in values)


def _values(rows: Iterable[Row], column: str) -> Counter[str]:
    return Counter(_shown(row.get(column)) for row in rows)


def _shown(value: Any) -> str:
    return value.hex if isinstance(value, uuid.UUID) else repr(value)
