"""Which grounds there are for an organization, and the missed orders that speak for them (OP-41, OP-42, OP-43)."""

import uuid
from typing import Any

from sqlalchemy.orm import Session

from onex.chassis.access import Caller
from onex.chassis.problems import NotFound, OutOfScope
from services.registry.exits import rules
from services.registry.organizations.models import Organization
from services.registry.rectification import queries as rectification
from services.registry.rectification import rules as rectification_rules


def of_organization(session: Session, by: Caller, organization_id: uuid.UUID) -> list[dict[str, Any]]:
    """Every ground of a TEO or college with the orders that speak for it; raise NotFound where `by` may not pursue it."""
    organization = session.get(Organization, organization_id)
    if organization is None or organization.kind not in rules.KINDS:
        raise NotFound()
    try:
        rules.check_may_pursue(by, organization.kind, organization.province_code)
    except OutOfScope:
        raise NotFound() from None
    missed: dict[str, list[uuid.UUID]] = {}
    for one in rectification.not_put_right(session, organization.id):
        missed.setdefault(rectification_rules.ground_of(organization.kind, one.about), []).append(one.id)
    return [
        {"ground": letter, "says": says, "missed_orders": missed.get(letter, [])}
        for letter, says in rules.GROUNDS[organization.kind].items()
    ]
