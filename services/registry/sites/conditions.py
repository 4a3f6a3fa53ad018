"""The conditions of sites are published, and taken back before they count."""

import uuid
from typing import Any

from onex.chassis import clock
from onex.chassis.access import Caller
from onex.chassis.database import UnitOfWork
from services.registry.sites import queries, rules
from services.registry.sites.models import SiteConditionList
from services.registry.standards import actions as standard_actions
from services.registry.standards import queries as standards


def publish(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> SiteConditionList:
    """A TEO announces what its type asks of sites from a day on, as the next version of the list (OP-23, OP-36)."""
    standards.type_named(session, body["certificate_type_id"])
    certificate_type = standards.type_to_change(session, body["certificate_type_id"])  # versions follow one another
    by.must_be(certificate_type.teo_id)
    standard_actions.must_operate(session, certificate_type.teo_id)
    rules.check_conditions_start(body["in_force_from"], clock.today())
    published = SiteConditionList(
        certificate_type_id=certificate_type.id,
        version=queries.last_version(session, certificate_type.id) + 1,
        conditions=body["conditions"],
        in_force_from=body["in_force_from"],
        published_by=by.client_id,
    )
    session.add(published)
    session.flush()
    session.refresh(published)
    return published


def withdraw(session: UnitOfWork, list_id: uuid.UUID, *, by: Caller) -> SiteConditionList:
    """The TEO takes a list back before its first day (OP-23)."""
    found = queries.condition_list(session, list_id, lock=True)
    by.must_be(standards.type_named(session, found.certificate_type_id).teo_id)
    rules.check_conditions_withdrawable(found.in_force_from, found.withdrawn_at, clock.today())
    found.withdrawn_at, found.withdrawn_by = clock.now(), by.client_id
    return found
