"""Doors: the pools of inspectors."""

import uuid
from typing import Any

from onex.chassis.pii import mask_name
from onex.chassis.web import allow, caller, runtime, session
from onex.chassis.web.listing import Listing, equal
from services.registry.inspections import actions, queries, rules
from services.registry.inspections.blueprint import REGULATORS, blp
from services.registry.inspections.models import Inspector
from services.registry.inspections.schemas import InspectorSchema, InterestsSchema, NewInspectorSchema

INSPECTORS = Listing(InspectorSchema, Inspector.id, filters={"state": equal(Inspector.state, rules.INSPECTOR_STATES)})


@blp.route("/inspectors", methods=["POST"])
@allow(*REGULATORS)
@blp.arguments(NewInspectorSchema)
@blp.response(201, InspectorSchema)
def add_inspector(body: dict[str, Any]) -> dict[str, Any]:
    """Name an inspector for a pool (PP-28)."""
    return _masked(actions.add_inspector(session(), runtime().vault, body, by=caller()))


@blp.route("/inspectors")
@allow(*REGULATORS)
@INSPECTORS.door(blp)
def inspectors(query: dict[str, Any]) -> Any:
    """The inspectors of the pools the caller may see."""
    return INSPECTORS.answer(
        session(), queries.inspectors(caller()), query, lambda rows: [_masked(row) for row in rows]
    )


@blp.route("/inspectors/<uuid:inspector_id>/interests", methods=["PUT"])
@allow(*REGULATORS)
@blp.arguments(InterestsSchema)
@blp.response(200, InspectorSchema)
def declare_interests(body: dict[str, Any], inspector_id: uuid.UUID) -> dict[str, Any]:
    """Declare in which organizations the inspector has an interest: it inspects none of them (PP-28)."""
    return _masked(actions.declare_interests(session(), inspector_id, body["interests"], by=caller()))


@blp.route("/inspectors/<uuid:inspector_id>/retirement", methods=["POST"])
@allow(*REGULATORS)
@blp.response(200, InspectorSchema)
def retire(inspector_id: uuid.UUID) -> dict[str, Any]:
    """The inspector is drawn no more."""
    return _masked(actions.retire(session(), inspector_id, by=caller()))


def _masked(one: Inspector) -> dict[str, Any]:
    shown: dict[str, Any] = {name: getattr(one, name) for name in InspectorSchema().fields if name != "name"}
    return shown | {"name": mask_name(runtime().vault.open(one.sealed_name, actions.NAME).decode())}
