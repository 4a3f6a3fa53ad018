"""What the registry's doors ask the database, and how PostgreSQL reads it.

The doors are those of the app's own map and the filters and sorts those of their `Listing`: a list made tomorrow is looked at
tomorrow.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import psycopg
from sqlalchemy import Engine, event

from onex.chassis.access import Role
from onex.chassis.web.filters import Filter
from onex.chassis.web.listing import Listing
from tests.attack.doors import flask_app_of
from tests.harness.service import Service, json_of
from tests.registry.plans import filling
from tests.registry.plans.judging import Plan, explained
from tests.registry.test_matrix import API, RECORDS, parameter_tables

ROLES = (Role.OPERATOR, Role.PROVINCE, Role.TEO, Role.COLLEGE)


@dataclass(frozen=True)
class Caller:
    """Somebody who asks. `newest` says of what age are the records that they ask for and are."""

    role: Role | None
    newest: bool


@dataclass(frozen=True)
class Asked:
    """One statement of one request, and how it was read."""

    door: str
    caller: Caller
    query: str
    statement: str
    parameters: Any
    plan: Plan

    def __str__(self) -> str:
        age = "busy" if self.caller.newest else "quiet"
        return f"{self.door}{self.query} as {self.caller.role or 'anyone'} ({age})"


@dataclass
class Asking:
    """Asks at every door that reads, and explains what that asked the database."""

    registry: Service
    connection: filling.Connection
    ages: tuple[bool, ...] = (False, True)
    broken: list[str] = field(default_factory=list)
    _values: dict[tuple[str, str, bool], Any] = field(default_factory=dict)
    _seen: set[Any] = field(default_factory=set)

    def everything(self) -> Iterator[Asked]:
        """The statements of every reading door, called by each role that may enter, with each filter and each sort."""
        app = flask_app_of(self.registry)
        for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.rule):
            view = app.view_functions[rule.endpoint]
            if not hasattr(view, "onex_roles") or "GET" not in (rule.methods or ()) or rule.rule.endswith("/docs"):
                continue
            roles: list[Role | None] = [role for role in ROLES if role in view.onex_roles] or [None]
            for caller in (Caller(role, newest) for role in roles for newest in self.ages):
                for query in self._queries(getattr(view, "onex_listing", None), caller):
                    yield from self._asked(rule.rule, caller, query)

    def _asked(self, rule: str, caller: Caller, query: str) -> Iterator[Asked]:
        path = self._path(rule, caller)
        who: dict[str, Any] = {}
        if caller.role is not None:
            who = {"role": caller.role, **self._whose(caller)}
        with statements() as said:
            answer = self.registry.call("GET", path + query, **who)
        door = rule.removeprefix(API)
        if answer.status_code >= 500:
            self.broken.append(f"{door}{query} as {caller}: {answer.status_code}")
        for statement, parameters in said:
            yield from self._explained(door, caller, query, statement, parameters)
        first_page = not query or (query.startswith("?sort=") and "&" not in query)
        if first_page and answer.status_code == 200 and answer.mimetype == "application/json":
            body = json_of(answer)
            if isinstance(body, dict) and (following := body.get("next")):
                joined = f"{query}&" if query else "?"
                yield from self._asked(rule, caller, f"{joined}cursor={following}")

    def _explained(self, door: str, caller: Caller, query: str, statement: str, parameters: Any) -> Iterator[Asked]:
        # A page's length and a cursor's place change no plan that is looked for here.
        key = (statement, tuple(str(one) for one in _plain(parameters)))
        if key in self._seen or not re.match(r"\s*(SELECT|WITH)\b", statement, re.I):
            return
        self._seen.add(key)
        plan = explained(self.connection, statement, parameters)
        if plan.reads:
            shown = re.sub(r"(cursor=.{6})[^&]*", r"\1…", query)
            yield Asked(door, caller, shown, statement, parameters, plan)

    def _queries(self, listing: Listing | None, caller: Caller) -> Iterator[str]:
        yield ""
        if listing is None:
            return
        for name in listing.sorts:
            yield f"?sort={name}"
            yield f"?sort=-{name}"
        for name, one in listing.filters.items():
            if narrowed := self._narrowed(name, one, caller.newest):
                yield narrowed

    def _narrowed(self, name: str, one: Filter, newest: bool) -> str | None:
        column = one.column
        if column is None:
            return None
        table = getattr(column, "table", None)
        if table is None or getattr(table, "name", None) not in filling.Base.metadata.tables:
            return None
        value = self._value(table.name, column.key, newest)
        if value is None:
            return None
        if set(one.arguments) == {"_from", "_to"}:
            day = value.date() if isinstance(value, datetime) else value
            last = day + timedelta(days=3) if hasattr(day, "isoformat") else day
            return f"?{name}_from={day}&{name}_to={last}"
        return f"?{name}={str(value).lower() if isinstance(value, bool) else value}"

    def _value(self, table: str, column: str, newest: bool) -> Any:
        key = (table, column, newest)
        if key not in self._values:
            self._values[key] = next(filling.picked(self.connection, table, column, newest), None)
        return self._values[key]

    def _whose(self, caller: Caller) -> dict[str, Any]:
        kind = {Role.TEO: "teo", Role.COLLEGE: "college"}.get(caller.role) if caller.role else None
        if kind:
            return {"organization_id": self._organization(kind, caller.newest)}
        return {"province_code": self._province(caller.newest)} if caller.role is Role.PROVINCE else {}

    def _province(self, newest: bool) -> str:
        return filling.PROVINCES[9 if newest else 0]

    def _organization(self, kind: str, newest: bool) -> Any:
        row = self.connection.execute(
            "SELECT id FROM organization WHERE kind = %s AND code LIKE kind || '-%%' ORDER BY id LIMIT 1 OFFSET %s",
            [kind, 30 if newest else 0],
        ).fetchone()
        return row[0] if row else None

    def _path(self, rule: str, caller: Caller) -> str:
        address = rule
        for parameter, words in parameter_tables(rule):
            words = words.removeprefix("registry/")  # a page's
            known = RECORDS["organizations/stale" if "stale" in rule and words == "organizations" else words]
            table, _, column = known.partition(".")
            value: Any
            if known.startswith("="):
                value = known[1:]
            elif known.startswith("organization:"):
                value = self._organization(known.partition(":")[2], caller.newest)
            elif table == "job":
                value = "00000000-0000-7000-8000-000000000000"
            else:
                value = self._value(table, column or "id", caller.newest)
            address = address.replace(f"<{parameter}>", str(value))
        return address


def _plain(parameters: Any) -> Any:
    return parameters.values() if isinstance(parameters, dict) else parameters or ()


@contextmanager
def statements() -> Iterator[list[tuple[str, Any]]]:
    """What is asked of the database in the block, as it goes over the wire."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        seen.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def connected(url: str) -> filling.Connection:
    """A connection that keeps to itself, so that nothing is asked twice for it."""
    connection = psycopg.connect(url, autocommit=True)
    connection.prepare_threshold = None
    return connection
