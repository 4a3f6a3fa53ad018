"""Doors: fields of the pilot, divisions of GB/T 2260, and who answers for what."""

import uuid
from typing import Any

from sqlalchemy import select

from onex.chassis import clock
from onex.chassis.access import Role
from onex.chassis.problems import NotFound
from onex.chassis.web import allow, caller, public, session
from onex.chassis.web.listing import Listing, equal
from services.registry.organizations import divisions, duties
from services.registry.organizations import fields as actions
from services.registry.organizations.blueprint import blp
from services.registry.organizations.models import Field
from services.registry.organizations.schemas import (
    DivisionQuery,
    DivisionSchema,
    DutySchema,
    FieldChangeSchema,
    FieldSchema,
    UnmatchedFieldSchema,
)
from services.registry.standards.models import CertificateType

FIELDS = Listing(
    FieldSchema,
    Field.id,
    filters={"industry": equal(Field.industry, actions.INDUSTRIES), "shortage": equal(Field.shortage)},
    sorts={"code": Field.code},
)
UNMATCHED = Listing(UnmatchedFieldSchema, CertificateType.id)


@blp.route("/fields", methods=["POST"])
@allow(Role.MINISTRY, Role.OPERATOR)
@blp.arguments(FieldSchema)
@blp.response(201, FieldSchema)
def add_field(body: dict[str, Any]) -> Field:
    """Add a vocational field (PP-32)."""
    return actions.add(session(), body, by=caller())


@blp.route("/fields/<uuid:field_id>", methods=["PUT"])
@allow(Role.MINISTRY, Role.OPERATOR)
@blp.arguments(FieldChangeSchema)
@blp.response(200, FieldSchema)
def change_field(body: dict[str, Any], field_id: uuid.UUID) -> Field:
    """Put a field right."""
    return actions.change(session(), field_id, body)


@blp.route("/fields")
@public
@FIELDS.door(blp)
def fields(query: dict[str, Any]) -> Any:
    """The fields of the pilot, and which of them are short of skilled people."""
    return FIELDS.answer(session(), select(Field), query)


@blp.route("/fields/unmatched")
@allow(Role.MINISTRY, Role.OPERATOR)
@UNMATCHED.door(blp)
def unmatched(query: dict[str, Any]) -> Any:
    """Certificate types whose field nothing in the taxonomy recognises."""
    return UNMATCHED.answer(session(), actions.unmatched(session()), query)


@blp.route("/divisions/<code>")
@public
@blp.arguments(DivisionQuery, location="query")
@blp.response(200, DivisionSchema)
def division(query: dict[str, Any], code: str) -> dict[str, Any]:
    """What a code of GB/T 2260 stands and stood for, and whether it was in force on a day."""
    on = query["on"] or clock.today()
    names = divisions.names(code)
    if not names:
        raise NotFound()
    view = [{"name": one.name, "from_year": one.from_year, "to_year": one.to_year} for one in names]
    return {"code": code, "province_code": code[:2], "in_force": divisions.in_force(code, on), "names": view}


@blp.route("/duties")
@public
@blp.response(200, DutySchema(many=True))
def who_answers_for_what() -> list[duties.Duty]:
    """The actors of the pilot, what each answers for, and the doors it does it with (PP-37)."""
    return list(duties.DUTIES)  # a tuple would be taken for an answer with its status
