"""Standards start their clock, TEOs propose, the operator approves."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from onex.chassis import clock
from onex.chassis.access import Caller
from onex.chassis.database import UnitOfWork
from onex.chassis.ids import new_id
from onex.chassis.problems import there
from onex.contracts.registry import CertificateTypePublished
from onex.messaging.heard import Heard
from services.creditbank.proposals import queries, rules
from services.creditbank.proposals.errors import CertificateTypeUnknown, ProposalExists
from services.creditbank.proposals.models import CertificateType, CreditClock, Proposal


def learn_types(session: UnitOfWork, heard: Sequence[Heard[CertificateTypePublished]]) -> None:
    """Keep the newest version of each type, and start the clock of each standard it publishes (OP-33).

    A standard that a later version no longer lists keeps its clock: it was released, and its certificates exist.
    """
    types: dict[uuid.UUID, dict[str, Any]] = {}
    clocks: dict[queries.Standard, dict[str, Any]] = {}
    for event in sorted((one.event for one in heard), key=lambda event: event.type_version):
        types[event.certificate_type_id] = {
            "id": event.certificate_type_id,
            "type_version": event.type_version,
            "code": event.code,
            "name_zh": event.name_zh,
            "name_en": event.name_en,
            "teo_id": event.teo_id,
        }
        for level in event.levels:
            clocks[event.certificate_type_id, level.level, level.standard_version] = {
                "id": new_id(),
                "certificate_type_id": event.certificate_type_id,
                "level": level.level,
                "standard_version": level.standard_version,
                "teo_id": event.teo_id,
                "released_on": level.standard_released_on,
                "due_on": rules.credit_record_due_on(level.standard_released_on),
                "type_version": event.type_version,
            }
    _upsert(session, CertificateType, ["id"], list(types.values()))
    _upsert(session, CreditClock, ["certificate_type_id", "level", "standard_version"], list(clocks.values()))


def _upsert(session: UnitOfWork, table: Any, key: list[str], rows: list[dict[str, Any]]) -> None:
    """Write rows in one statement; one that is here already gives way to a newer version only."""
    if not rows:
        return
    statement = insert(table).values(sorted(rows, key=lambda row: [str(row[name]) for name in key]))
    news = {name: statement.excluded[name] for name in rows[0] if name not in (*key, "id")}
    newer = statement.excluded.type_version > table.type_version
    session.execute(statement.on_conflict_do_update(index_elements=key, set_=news, where=newer))


def propose(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> Proposal:
    """OP-33: the type's own TEO proposes the credit record; one that comes late is taken, and the breach recorded."""
    standard = (body["certificate_type_id"], body["level"], body["standard_version"])
    certificate_type = queries.certificate_type(session, body["certificate_type_id"])
    if certificate_type is None:
        raise CertificateTypeUnknown()
    by.must_be(certificate_type.teo_id)
    its_clock = queries.clock_of(session, standard)
    released_on = rules.check_published(its_clock.released_on if its_clock else None)
    other = queries.proposal_of(session, standard)
    rules.check_first(other.state if other else None)
    today = clock.today()
    proposal = Proposal(
        **body,
        id=new_id(),
        teo_id=certificate_type.teo_id,
        state="proposed",
        due_on=rules.credit_record_due_on(released_on),
        late=rules.is_late(released_on, today),
        proposed_on=today,
        proposed_at=clock.now(),
        proposed_by=by.client_id,
    )
    session.add(proposal)
    try:
        session.flush()
    except IntegrityError:  # two at the same moment: the first one stands
        raise ProposalExists() from None
    return proposal


def approve(session: UnitOfWork, proposal_id: uuid.UUID, *, by: Caller) -> Proposal:
    """From now on certificates of the standard are booked, and those that waited are booked in steps."""
    proposal = there(queries.proposal_to_decide(session, proposal_id))
    rules.check_approvable(proposal.state)
    proposal.state, proposal.approved_at, proposal.approved_by = "approved", clock.now(), by.client_id
    return proposal
