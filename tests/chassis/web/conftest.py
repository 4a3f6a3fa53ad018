"""A list of things of two owners, in a small app on a real database."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import orjson
import pytest
from marshmallow import Schema, fields
from sqlalchemy import DateTime, Index, Select, Text, select
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.test import Client as WsgiClient
from werkzeug.test import TestResponse
from werkzeug.wrappers import Response

from onex.chassis import access
from onex.chassis.access import Role
from onex.chassis.database import new_base
from onex.chassis.ids import new_id
from onex.chassis.owned import owned_by
from onex.chassis.web import Blueprint, Runtime, allow, caller, create_app, session
from onex.chassis.web.listing import Listing, equal, prefix, span
from tests.harness.service import Service

Base = new_base()
AccessKey = access.access_key_table(Base)
STATES = ("new", "used", "gone")
FIRST = datetime(2026, 1, 1, tzinfo=UTC)


class Thing(Base):  # type: ignore[misc, valid-type]
    __tablename__ = "thing_of_a_test"
    __table_args__ = (
        Index("ix_thing_owner", "owner_id", "id"),
        Index("ix_thing_code", "code", "id"),
        Index("ix_thing_owner_code", "owner_id", "code", "id"),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    owner_id: Mapped[uuid.UUID]
    maker_id: Mapped[uuid.UUID] = mapped_column(index=True)
    code: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    size: Mapped[int]
    kept: Mapped[bool]
    price: Mapped[Decimal]
    day: Mapped[date]
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    parts: Mapped[str | None] = mapped_column(Text)


class ThingSchema(Schema):
    """A thing."""

    id = fields.UUID(dump_only=True)
    code = fields.String()
    name = fields.String(required=True)
    state = fields.String()
    size_cm = fields.Integer(attribute="size")
    kept = fields.Boolean()
    price = fields.Decimal(as_string=True)
    day = fields.Date()
    made_at = fields.AwareDateTime()
    parts = fields.Raw(allow_none=True)
    secret = fields.String(load_only=True)


class UpperSchema(Schema):
    """A thing's name, shouted, with who asks."""

    name = fields.String()
    asked_by = fields.String()


THINGS = Listing(
    ThingSchema,
    Thing.id,
    filters={
        "state": equal(Thing.state, STATES),
        "maker_id": equal(Thing.maker_id),
        "size_cm": equal(Thing.size),
        "kept": equal(Thing.kept),
        "day": equal(Thing.day),
        "code": prefix(Thing.code),
        "made": span(Thing.made_at),
        "lasting": span(Thing.day),
        "weight": span(Thing.size),
        "price": span(Thing.price),
        "begins": prefix(Thing.code, leads=True),
        "since": span(Thing.made_at, leads=True),
    },
    sorts={"code": Thing.code, "made_at": Thing.made_at, "day": Thing.day, "size": Thing.size, "price": Thing.price,
           "maker": Thing.maker_id, "kept": Thing.kept},
)  # fmt: skip
SHOUTED = Listing(UpperSchema, Thing.id)


def things_of(who: access.Caller) -> Select[Any]:
    query = select(Thing)
    return query if who.sees_everything else owned_by(query, Thing.owner_id, who.organization_id)


def _doors() -> Blueprint:
    blp = Blueprint("things", "things", url_prefix="/things")

    @blp.route("")
    @allow(*Role)
    @THINGS.door(blp)
    def things(query: dict[str, Any]) -> Any:
        """The things the caller may see."""
        return THINGS.answer(session(), things_of(caller()), query)

    @blp.route("/shouted")
    @allow(*Role)
    @SHOUTED.door(blp)
    def shouted(query: dict[str, Any]) -> Any:
        """Their names."""
        view = lambda rows: [  # noqa: E731
            {"name": session().get_one(Thing, row.id).name.upper(), "asked_by": caller().role} for row in rows
        ]
        return SHOUTED.answer(session(), select(Thing.id, Thing.name), query, view)

    return blp


@dataclass
class Shop:
    """The app, and what fills its table."""

    service: Service
    web: WsgiClient
    owner_id: uuid.UUID

    def fill(self, count: int, **values: Any) -> list[uuid.UUID]:
        """`count` things, each a day younger than the one before; a function gives the value of the thing's number."""
        with self.service.database.transaction() as unit:
            made = [Thing(**self.thing(number, values)) for number in range(count)]
            unit.add_all(made)
        return [one.id for one in made]

    def thing(self, number: int, values: dict[str, Any]) -> dict[str, Any]:
        usual = {
            "id": new_id(),
            "owner_id": self.owner_id,
            "maker_id": uuid.UUID(int=number % 3),
            "code": f"T-{number:04}",
            "name": f"thing {number}",
            "state": STATES[number % 3],
            "size": number,
            "kept": number % 2 == 0,
            "price": Decimal(number) / 4,
            "day": FIRST.date() + timedelta(days=number),
            "made_at": FIRST + timedelta(days=number),
        }
        return usual | {name: value(number) if callable(value) else value for name, value in values.items()}

    def ask(self, path: str = "", role: Role = Role.OPERATOR, expect: int = 200) -> TestResponse:
        token = self.service.token(role, self.owner_id)
        answer = self.web.get(f"/creditbank/v1/things{path}", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == expect, answer.get_data(as_text=True)
        return answer

    def get(self, path: str = "", role: Role = Role.OPERATOR, expect: int = 200) -> Any:
        return orjson.loads(self.ask(path, role, expect).get_data())

    def names(self, path: str = "", role: Role = Role.OPERATOR) -> list[int]:
        """The numbers of the things on the first page."""
        return [int(one["name"].split()[1]) for one in self.get(path, role)["items"]]

    def walk(self, path: str, role: Role = Role.OPERATOR, between: Callable[[], Any] = lambda: None) -> list[Any]:
        """Every item, page by page."""
        found: list[Any] = []
        cursor = ""
        while True:
            page = self.get(f"{path}{'&' if '?' in path else '?'}size=3{cursor}", role)
            found += page["items"]
            if page["next"] is None:
                return found
            cursor = f"&cursor={page['next']}"
            between()


@pytest.fixture
def shop(service: Callable[[str], Service]) -> Iterator[Shop]:
    creditbank = service("creditbank")
    table = Thing.__table__
    table.drop(creditbank.database.engine, checkfirst=True)
    table.create(creditbank.database.engine)
    app = create_app("Things", Runtime.of(creditbank.settings, AccessKey), [_doors()])
    yield Shop(creditbank, WsgiClient(app, Response), new_id())
    table.drop(creditbank.database.engine)
