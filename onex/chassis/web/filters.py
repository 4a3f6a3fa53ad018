"""What a list can be narrowed by: a column that equals, begins with, or lies between what the query string says."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from marshmallow import fields, validate
from sqlalchemy import BigInteger, ColumnElement, Select, SmallInteger

from onex.chassis.clock import BEIJING

LONGEST_TEXT = 200
Query = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Filter:
    """One filter of a list. Its query arguments are named after it: the name itself, or the name and a suffix.

    `arguments` gives the fields that read them; `narrow` is given the values by suffix, None where there is none.
    """

    arguments: Mapping[str, Callable[[], fields.Field[Any]]]
    narrow: Callable[[Query, Mapping[str, Any]], Query]
    column: Any = None
    """What it looks at."""
    leads: bool = False
    """Whether an index (column, id) leads from one value of the column to its rows."""
    descends: bool | None = None
    """In which direction the rows then come in the column's own order; None: they come as they come without the filter."""


def equal(column: Any, allowed: Iterable[str] | None = None, *, leads: bool | None = None) -> Filter:
    """Rows whose column is one of the values given; `allowed` lists the values there are.

    `leads` says that an index (column, id) leads from one value to the few rows that have it; it is so of ids, unless told.
    """
    choices = tuple(allowed) if allowed is not None else None

    def argument() -> fields.Field[Any]:
        one = field_of(column, [validate.OneOf(choices)] if choices else [])
        many = validate.Length(min=1, max=50)
        return fields.List(
            one, load_default=None, allow_none=False, validate=many, metadata={"description": "one of several"}
        )

    def narrow(query: Query, given: Mapping[str, Any]) -> Query:
        values = given[""]
        return query.where(column == values[0] if len(values) == 1 else column.in_(values))

    return Filter({"": argument}, narrow, column, column.type.python_type is UUID if leads is None else leads)


def prefix(column: Any, *, leads: bool = False) -> Filter:
    """Rows whose text begins with what is given.

    `leads` says that an index (column, id) leads to them: then they come in its order, unless another is asked for.
    """

    def argument() -> fields.Field[Any]:
        told = {"description": "the beginning of it" + ("; the list then comes in this order" if leads else "")}
        return fields.String(
            load_default=None, allow_none=False, validate=validate.Length(1, LONGEST_TEXT), metadata=told
        )

    def narrow(query: Query, given: Mapping[str, Any]) -> Query:
        # PostgreSQL's own escape character: told of another, it would not use the index.
        start = given[""].replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        return query.where(column.like(start + "%"))

    return Filter({"": argument}, narrow, column, descends=False if leads else None)


def span(column: Any, *, leads: bool = False) -> Filter:
    """Rows whose column lies between `<name>_from` and `<name>_to`, both included.

    Of a moment the days are asked for, which are Beijing's. `leads` says that an index (column, id) leads to the rows: then
    they come in its order, the last first, unless another is asked for. In the order of the ids PostgreSQL may walk these
    from the newest until it meets a day of two years ago.
    """
    moment = column.type.python_type is datetime

    def argument() -> fields.Field[Any]:
        field = fields.Date() if moment else field_of(column)
        field.load_default = None
        order = "; the list then comes in this order, the last first" if leads else ""
        field.metadata = {"description": "included" + (", a day in Beijing" if moment else "") + order}
        return field

    def narrow(query: Query, given: Mapping[str, Any]) -> Query:
        first, last = given["_from"], given["_to"]
        if first is not None:
            query = query.where(column >= (_midnight(first) if moment else first))
        if last is not None and not (moment and last == date.max):
            query = query.where(_through(column, last) if moment else column <= last)
        return query

    return Filter({"_from": argument, "_to": argument}, narrow, column, descends=True if leads else None)


def _through(column: Any, last: date) -> ColumnElement[bool]:
    return column < _midnight(last + timedelta(days=1))  # type: ignore[no-any-return]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BEIJING)


def field_of(column: Any, checks: Iterable[Callable[[Any], Any]] = ()) -> fields.Field[Any]:
    """The field that reads a value of the column's type. Raises TypeError for a type that nobody filters by."""
    kind, checks = column.type.python_type, list(checks)
    if kind is UUID:
        return fields.UUID(validate=checks)
    if kind is bool:
        return fields.Boolean(validate=checks)
    if kind is int:
        most = _most(column.type)
        return fields.Integer(validate=[*checks, validate.Range(-most, most - 1)])
    if kind is Decimal:
        return fields.Decimal(validate=checks)
    if kind is date:
        return fields.Date(validate=checks)
    if kind is str:
        return fields.String(validate=[*checks, validate.Length(max=LONGEST_TEXT)])
    raise TypeError(f"{column} is of a type that no list can be filtered by")


def _most(kind: Any) -> int:
    return 2 ** (15 if isinstance(kind, SmallInteger) else 63 if isinstance(kind, BigInteger) else 31)
