"""Lists: filtered, sorted, paged by cursor and exported, all of it said in one place and told in the OpenAPI document.

A page begins after the last row of the page before, found by comparing the pair (sort column, id) as a row value: its cost does
not grow with the table, and what is added meanwhile moves nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g
from marshmallow import Schema, fields, validate
from sqlalchemy import tuple_
from sqlalchemy.orm import Session

from onex.chassis import clock
from onex.chassis.owned import owned_by
from onex.chassis.web import cursors, exporting
from onex.chassis.web import unit as unit_of_work
from onex.chassis.web.arguments import Blueprint
from onex.chassis.web.cursors import Place
from onex.chassis.web.filters import Filter, Query, equal, prefix, span
from onex.chassis.web.paging import DEFAULT_SIZE, MAX_SIZE, PageQuery

__all__ = ["Filter", "Listing", "equal", "prefix", "span"]

EXPORT_ROWS_A_TIME = 500
View = Callable[[list[Any]], Sequence[Any]]
Door = TypeVar("Door", bound=Callable[..., Any])


class Listing:
    """One list: the schema of a row, what it is filtered and sorted by.

    Ids grow with time (UUIDv7, or a serial number) and end every order. Sort columns are NOT NULL and have an index (column, id),
    or (owner, column, id) where the list is confined to an owner.
    """

    def __init__(
        self, row: type[Schema], id_column: Any, *, filters: Mapping[str, Filter] | None = None,
        sorts: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        self.row, self.id_column = row, id_column
        self.filters, self.sorts = dict(filters or {}), dict(sorts or {})
        for name, column in self.sorts.items():
            if column.nullable:
                raise ValueError(f"{column} may be NULL: rows without a value could not be paged when sorted by {name}")
        shown = {name: field for name, field in row().dump_fields.items() if not field.load_only}
        self.heading = [field.data_key or name for name, field in shown.items()]
        self.query_schema = self._query_schema()

    def door(self, blp: Blueprint) -> Callable[[Door], Door]:
        """Decorate a door: it is given the query arguments as a dict, and answers with what `answer` returns."""

        def decorate(view: Door) -> Door:
            answered = blp.response(200, page_schema(self.row))(exporting.offered(blp)(view))
            decorated: Any = blp.arguments(self.query_schema, location="query")(answered)
            decorated.onex_listing = self  # so that a test finds every list with its door
            return decorated  # type: ignore[no-any-return]

        return decorate

    def answer(
        self, session: Session, query: Query, given: Mapping[str, Any], view: View | None = None
    ) -> dict[str, Any] | Response:
        """The page that is asked for, or the whole list as a file.

        `query` says what the caller may see. `view` turns some rows into what the row's schema shows.
        """
        query = self._narrowed(query, given)
        if given["format"]:
            return self._file(session, query, given, view)
        return self._page(session, query, given, view)

    def _query_schema(self) -> type[Schema]:
        more: dict[str, Any] = {
            name + suffix: argument()
            for name, one in self.filters.items()
            for suffix, argument in one.arguments.items()
        }
        if self.sorts:
            both = [sign + name for name in self.sorts for sign in ("", "-")]
            told = {"description": "ascending, or with a minus descending; newest first if not given"}
            more["sort"] = fields.String(
                load_default=None, allow_none=False, validate=validate.OneOf(both), metadata=told
            )
        more["format"] = exporting.format_field()
        if taken := more.keys() & {"cursor", "size"}:
            raise ValueError(f"a filter may not be named {taken}")
        return type(f"{_plain_name(self.row)}QuerySchema", (PageQuery,), more)

    def _narrowed(self, query: Query, given: Mapping[str, Any]) -> Query:
        by_ids = self._sort(given)[0] is None
        for one, values in self._asked(given):
            leads = one.leads and len(values[""]) == 1 and by_ids and not _owners(query)
            query = owned_by(query, one.column, values[""][0]) if leads else one.narrow(query, values)
        return query

    def _asked(self, given: Mapping[str, Any]) -> Iterator[tuple[Filter, dict[str, Any]]]:
        """The filters that are asked for, each with its values by suffix."""
        for name, one in self.filters.items():
            values = {suffix: given[name + suffix] for suffix in one.arguments}
            if any(value is not None for value in values.values()):
                yield one, values

    def _sort(self, given: Mapping[str, Any]) -> tuple[Any, bool]:
        """The column to sort by, None for ids alone, and whether it descends: as is asked, else as a filter's index leads."""
        if sort := given.get("sort"):
            return self.sorts[sort.lstrip("-")], sort.startswith("-")
        for one, _ in self._asked(given):
            if one.descends is not None:
                return one.column, one.descends
        return None, True

    def _ordered(self, query: Query, given: Mapping[str, Any]) -> Query:
        """In the index's order: the owners that the query is confined to, the sort column, the id, all in one direction."""
        column, descending = self._sort(given)
        wanted = [*_owners(query), *([] if column is None else [column]), self.id_column]
        return query.order_by(None).order_by(*(one.desc() if descending else one.asc() for one in wanted))

    def _page(self, session: Session, query: Query, given: Mapping[str, Any], view: View | None) -> dict[str, Any]:
        limit = min(max(given["size"] or DEFAULT_SIZE, 1), MAX_SIZE)
        column, descending = self._sort(given)
        asked = {name: given[name] for name in given.keys() - {"cursor", "size", "format"} if given[name] is not None}
        print_ = cursors.print_of(self.id_column.class_.__name__, sorted(asked.items(), key=lambda one: one[0]))
        ordered = self._ordered(query, given)
        kind = None if column is None else column.type.python_type
        if given["cursor"]:
            place = cursors.decode(given["cursor"], print_, self.id_column.type.python_type, kind)
            ordered = ordered.where(self._after(place, column, descending))
        ends = (self.id_column,) if column is None else (self.id_column, column)
        labelled = [end.label(f"_end_{index}") for index, end in enumerate(ends)]
        rows = session.execute(ordered.add_columns(*labelled).limit(limit + 1)).all()
        items = [_row(one, len(ends)) for one in rows[:limit]]
        more = cursors.encode(print_, Place(*rows[limit - 1][-len(ends) :])) if len(rows) > limit else None
        return {"items": view(items) if view else items, "next": more}

    def _after(self, place: Place, column: Any, descending: bool) -> Any:
        if column is None:
            return self.id_column < place.id
        here, there = (
            tuple_(column, self.id_column),
            tuple_(place.value, place.id, types=[column.type, self.id_column.type]),
        )
        return here < there if descending else here > there

    def _file(self, session: Session, query: Query, given: Mapping[str, Any], view: View | None) -> Response:
        ordered = self._ordered(query, given)
        if given["format"] == "xlsx":
            body = exporting.xlsx_pieces(self.heading, self._chunks(session, ordered, view))
        else:
            body = self._csv(ordered, view)
        return exporting.attachment(f"{self.id_column.class_.__tablename__}-{clock.today()}.{given['format']}", body)

    def _chunks(self, session: Session, query: Query, view: View | None) -> Iterator[list[dict[str, Any]]]:
        """Rows as the row's schema shows them, some at a time, through a cursor on the server."""
        schema = self.row(many=True)
        found = session.execute(query.execution_options(yield_per=EXPORT_ROWS_A_TIME))
        for part in found.partitions():
            rows = [_row(one, 0) for one in part]
            yield schema.dump(view(rows) if view else rows)

    def _csv(self, query: Query, view: View | None) -> Iterator[bytes]:
        """Read while it is sent, so in a transaction of its own: the request's has ended by then."""
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        return _with_context(app, {name: g.get(name) for name in g}, lambda: self._csv_now(query, view))

    def _csv_now(self, query: Query, view: View | None) -> Iterator[bytes]:
        return exporting.csv_pieces(self.heading, self._chunks(unit_of_work.session(), query, view))


def _with_context(app: Flask, known: dict[str, Any], pieces: Callable[[], Iterator[bytes]]) -> Iterator[bytes]:
    """The pieces, each made where `session()` and `caller()` work as in a request."""
    context = app.app_context()
    for name in known.keys() - {"unit", "trace"}:
        setattr(context.g, name, known[name])
    found = None
    try:
        while True:
            with context:
                found = found or pieces()
                piece = next(found, None)
            if piece is None:
                return
            yield piece
    finally:
        if "unit" in context.g:
            context.g.pop("unit").close()


@cache
def page_schema(row: type[Schema]) -> type[Schema]:
    """The schema of a page of such rows."""
    name = _plain_name(row)
    members = {
        "__doc__": f"A page of a list: {(row.__doc__ or name).strip().splitlines()[0]}",
        "items": fields.List(fields.Nested(row)),
        "next": fields.String(
            allow_none=True, metadata={"description": "the cursor of the next page, if there is one"}
        ),
    }
    return type(f"{name}PageSchema", (Schema,), members)


def _plain_name(row: type[Schema]) -> str:
    return row.__name__.removesuffix("Schema")


def _owners(query: Query) -> list[Any]:
    """The columns by which the query is ordered already: those that `owned_by` has confined to one value."""
    return [getattr(clause, "element", clause) for clause in query._order_by_clauses]


def _row(found: Any, ends: int) -> Any:
    """What a query of one entity or column found, without its row; of several, the row."""
    return found[0] if len(found) == 1 + ends else found
