"""Reads of ceilings, policies, fee agreements and cost accounts."""

import uuid
from datetime import date
from typing import Any

from sqlalchemy import ARRAY, Select, and_, any_, exists, func, literal_column, or_, select, true, union_all
from sqlalchemy.orm import Session, aliased

from onex.chassis.access import Caller, Role
from onex.chassis.owned import owner_id, seen_by
from onex.chassis.problems import there
from services.registry.fees.models import CostAccount, FeeAgreement, FeeCeiling, FeePolicy
from services.registry.fees.rules import AGREED, ANNOUNCED, ASSESSMENT, ENDED, PUBLISHED, in_force_between


def ceilings_visible(by: Caller | None) -> Select[FeeCeiling]:
    """Anyone sees what is published (OP-27); a TEO also what was argued for its certificates, the regulators everything."""
    query = select(FeeCeiling)
    if by is not None and by.sees_everything:
        return query
    if by is not None and by.role == Role.TEO:
        return query.where(or_(FeeCeiling.state == PUBLISHED, FeeCeiling.teo_id == by.organization_id))
    return query.where(FeeCeiling.state == PUBLISHED)


def policies_visible() -> Select[FeePolicy]:
    """Policies are public, those that were withdrawn before they began too."""
    return select(FeePolicy)


def agreements_visible(by: Caller) -> Select[FeeAgreement]:
    """The three sides see their own, Ministry and operator all."""
    return seen_by(by, select(FeeAgreement), _sides(FeeAgreement))


def accounts_visible(by: Caller) -> Select[CostAccount]:
    """The site's college, the type's TEO and the province see their own, Ministry and operator all."""
    return seen_by(by, select(CostAccount), _sides(CostAccount))


def accounts_over(by: Caller) -> Select[CostAccount]:
    """Of those the accounts over the agreed fee (OP-30)."""
    return accounts_visible(by).where(or_(CostAccount.fees_over, CostAccount.cost_over))


def _sides(table: Any) -> dict[Role, Any]:
    return {Role.PROVINCE: table.province_code, Role.TEO: table.teo_id, Role.COLLEGE: table.college_id}


def one_of(session: Session, visible: Any, id_column: Any, record_id: uuid.UUID) -> Any:
    """The record of a request's address; raise NotFound when there is none that the caller may see."""
    return there(session.scalars(visible.where(id_column == record_id)).first())


def to_change(session: Session, table: Any, record_id: uuid.UUID) -> Any:
    """The record of a request's address, locked until the transaction ends; raise NotFound without one."""
    return there(session.get(table, record_id, with_for_update=True))


def newest_ceiling(session: Session, type_id: uuid.UUID, level: str) -> FeeCeiling | None:
    """The published ceiling that begins last, None where none was ever published."""
    return session.scalars(_published(type_id, level).order_by(FeeCeiling.in_force_from.desc()).limit(1)).first()


def ceiling_in_force(session: Session, type_id: uuid.UUID, level: str, on: date) -> FeeCeiling | None:
    """The ceiling of a type's level on a day (OP-27), None where none is in force."""
    begun = _published(type_id, level).where(FeeCeiling.in_force_from <= on)
    return session.scalars(begun.order_by(FeeCeiling.in_force_from.desc()).limit(1)).first()


def ceiling_steps(session: Session, type_id: uuid.UUID, level: str, until: date) -> list[tuple[date, int]]:
    """First day and amount of every published ceiling that begins by a day."""
    query = _published(type_id, level).where(FeeCeiling.in_force_from <= until)
    return [(one.in_force_from, one.amount_fen) for one in session.scalars(query.order_by(FeeCeiling.in_force_from))]


def provincial_ceilings(
    session: Session, province_code: str, type_id: uuid.UUID, level: str, first: date, last: date
) -> list[int | None]:
    """The province's own ceilings that hold on some day of a period: those for every certificate and for this level (PP-38)."""
    query = select(FeePolicy).where(
        FeePolicy.province_code == province_code,
        FeePolicy.subject == ASSESSMENT,
        FeePolicy.state == ANNOUNCED,
        FeePolicy.in_force_from <= last,
    )
    everywhere = FeePolicy.certificate_type_id.is_(None)
    here = and_(FeePolicy.certificate_type_id == type_id, FeePolicy.level == level)
    found: list[int | None] = []
    for reach in (everywhere, here):
        policies = session.scalars(query.where(reach).order_by(FeePolicy.in_force_from, FeePolicy.id))
        found += in_force_between([(one.in_force_from, one.ceiling_fen) for one in policies], first, last)
    return found


def holding(
    session: Session, certificate_type_id: uuid.UUID, level: str, on: date, province_code: str | None
) -> dict[str, Any]:
    """The ceiling that holds on a day, the nation's and the province's own, and the lower of them (PP-38)."""
    national = ceiling_in_force(session, certificate_type_id, level, on)
    own = provincial_ceilings(session, province_code, certificate_type_id, level, on, on) if province_code else []
    provincial_fen = min((one for one in own if one is not None), default=None)
    national_fen = national.amount_fen if national else None
    both = (national_fen, provincial_fen)
    ceiling_fen = None if national_fen is None else min(one for one in both if one is not None)
    return {"on": on, "ceiling_fen": ceiling_fen, "national_fen": national_fen, "provincial_fen": provincial_fen}


def overlapping(session: Session, agreement: FeeAgreement) -> uuid.UUID | None:
    """Another agreed fee for some of the agreement's days, None where there is none."""
    query = select(FeeAgreement.id).where(
        FeeAgreement.college_id == agreement.college_id,
        FeeAgreement.certificate_type_id == agreement.certificate_type_id,
        FeeAgreement.level == agreement.level,
        FeeAgreement.id != agreement.id,
        _holds(),
        FeeAgreement.in_force_from <= agreement.in_force_to,
        FeeAgreement.in_force_to >= agreement.in_force_from,
    )
    return session.scalars(query.limit(1)).first()


def fee_in_force(
    session: Session, college_id: uuid.UUID, type_id: uuid.UUID, level: str, on: date
) -> FeeAgreement | None:
    """What a college's candidate costs at a type's level on a day (OP-28), None where nothing is agreed."""
    query = select(FeeAgreement).where(
        FeeAgreement.college_id == college_id,
        FeeAgreement.certificate_type_id == type_id,
        FeeAgreement.level == level,
        _holds(),
        FeeAgreement.in_force_from <= on,
        FeeAgreement.in_force_to >= on,
    )
    return session.scalars(query.limit(1)).first()


def above_a_ceiling(by: Caller, today: date) -> Select[FeeAgreement]:
    """Agreed fees that a ceiling published since, the nation's or the province's, undercuts on a day from today on (OP-28)."""
    # Nobody else's are looked through for one of the three sides.
    side = _sides(FeeAgreement).get(by.role)
    own = true() if side is None else side == owner_id(by)
    provinces = (_above_a_provinces(today, own, for_all=for_all) for for_all in (False, True))
    found = union_all(_above_the_nations(today, own), *provinces).scalar_subquery()
    # An array is made once, before anything is read by it, and leads to the agreements by their key.
    undercut = func.array(found, type_=ARRAY(FeeAgreement.id.type))
    return agreements_visible(by).where(FeeAgreement.id == any_(undercut))


def _above(today: date, *where: Any) -> Any:
    """For one ceiling the agreed fees above it and, of each, the first day from today on.

    OFFSET 0 keeps it apart: ceiling by ceiling, the index on the amounts leads to what is above it and to nothing else.
    """
    begins = func.greatest(FeeAgreement.in_force_from, today)
    found = select(FeeAgreement.id, begins.label("begins")).where(_holds(), FeeAgreement.in_force_to >= begins, *where)
    return found.offset(literal_column("0")).lateral("above")


def _above_the_nations(today: date, own: Any) -> Select[uuid.UUID]:
    ceiling, later = aliased(FeeCeiling), aliased(FeeCeiling)
    above = _above(
        today,
        own,
        FeeAgreement.certificate_type_id == ceiling.certificate_type_id,
        FeeAgreement.level == ceiling.level,
        FeeAgreement.amount_fen > ceiling.amount_fen,
        FeeAgreement.in_force_to >= ceiling.in_force_from,
    )

    def replaced(on: Any) -> Any:
        return exists().where(
            later.certificate_type_id == ceiling.certificate_type_id,
            later.level == ceiling.level,
            later.state == PUBLISHED,
            later.in_force_from > ceiling.in_force_from,
            later.in_force_from <= on,
        )

    in_force = (ceiling.state == PUBLISHED, ~replaced(today), ~replaced(above.c.begins))
    return select(above.c.id).select_from(ceiling).join(above, true()).where(*in_force)


def _above_a_provinces(today: date, own: Any, *, for_all: bool) -> Select[uuid.UUID]:
    """By the provinces' policies for all certificates, or by those for one level of one: each has an index of its own."""
    policy, newer = aliased(FeePolicy), aliased(FeePolicy)
    of_all = policy.certificate_type_id.is_(None)
    level = (FeeAgreement.certificate_type_id == policy.certificate_type_id, FeeAgreement.level == policy.level)
    above = _above(
        today,
        own,
        FeeAgreement.province_code == policy.province_code,
        FeeAgreement.amount_fen > policy.ceiling_fen,
        FeeAgreement.in_force_to >= policy.in_force_from,
        *(() if for_all else level),
    )

    def superseded(on: Any) -> Any:
        return exists().where(
            newer.province_code == policy.province_code,
            newer.subject == ASSESSMENT,
            newer.state == ANNOUNCED,
            newer.certificate_type_id.is_not_distinct_from(policy.certificate_type_id),
            newer.level.is_not_distinct_from(policy.level),
            or_(
                and_(newer.in_force_from > policy.in_force_from, newer.in_force_from <= on),
                and_(newer.in_force_from == policy.in_force_from, newer.id > policy.id),
            ),
        )

    in_force = (policy.subject == ASSESSMENT, policy.state == ANNOUNCED, of_all if for_all else ~of_all)
    standing = (~superseded(today), ~superseded(above.c.begins))
    return select(above.c.id).select_from(policy).join(above, true()).where(*in_force, *standing)


def _holds() -> Any:
    """Agreed fees; one that was ended holds until its last day, and never if that lies before its first."""
    return FeeAgreement.state.in_((AGREED, ENDED)) & (FeeAgreement.in_force_from <= FeeAgreement.in_force_to)


def _published(type_id: uuid.UUID, level: str) -> Select[FeeCeiling]:
    return select(FeeCeiling).where(
        FeeCeiling.certificate_type_id == type_id, FeeCeiling.level == level, FeeCeiling.state == PUBLISHED
    )
