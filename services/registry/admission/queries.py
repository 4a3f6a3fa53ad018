"""Reads of rounds, applications, panels, notices and filings."""

import uuid
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from onex.chassis.access import Caller, Role
from onex.chassis.owned import owned_by
from onex.chassis.problems import NotFound, there
from services.registry.admission.models import (
    Application,
    CollegeFiling,
    FiledCollege,
    Interest,
    Objection,
    PanelMember,
    Round,
)
from services.registry.organizations.models import Organization


def visible_rounds(by: Caller | None) -> Select[Round]:
    """Anyone sees what was announced, the Ministry and the operator also what is drafted."""
    query = select(Round)
    return query if by is not None and by.sees_everything else query.where(Round.state == "announced")


def round_visible(session: Session, by: Caller | None, round_id: uuid.UUID) -> Round:
    """The round; raise NotFound when there is none that the caller may see."""
    return there(session.scalars(visible_rounds(by).where(Round.id == round_id)).first())


def round_to_change(session: Session, round_id: uuid.UUID) -> Round:
    """The round of a request's address, locked until the transaction ends; raise NotFound without one."""
    return there(session.get(Round, round_id, with_for_update=True))


def applications_in(session: Session, round_id: uuid.UUID) -> int:
    """How many TEOs have applied in a round: at most one a TEO."""
    return session.scalar(select(func.count()).select_from(Application).where(Application.round_id == round_id)) or 0


def accepted_in(session: Session, round_id: uuid.UUID, tier: str) -> int:
    """How many of a tier a round has accepted (PP-08)."""
    chosen = (Application.round_id == round_id) & (Application.tier == tier) & (Application.state == "accepted")
    return session.scalar(select(func.count()).select_from(Application).where(chosen)) or 0


def visible_applications(by: Caller) -> Select[Application]:
    """The Ministry and the operator read what was submitted, a TEO its own."""
    query = select(Application)
    if by.role == Role.TEO:
        return query.where(Application.teo_id == by.organization_id)
    return query.where(Application.state != "draft")


def application_visible(session: Session, by: Caller, application_id: uuid.UUID) -> Application:
    """The application; raise NotFound when there is none that the caller may see."""
    return there(session.scalars(visible_applications(by).where(Application.id == application_id)).first())


def application_to_change(session: Session, application_id: uuid.UUID, by: Caller | None = None) -> Application:
    """The application of a request's address, locked; raise NotFound without one, or for another TEO's."""
    found = session.get(Application, application_id, with_for_update=True)
    if found is None or (by is not None and by.role == Role.TEO and found.teo_id != by.organization_id):
        raise NotFound()
    return found


def newest_state(session: Session, teo_id: uuid.UUID) -> str | None:
    """How the TEO's newest application stands, None without one."""
    own = select(Application.state).where(Application.teo_id == teo_id).order_by(Application.id.desc()).limit(1)
    return session.scalar(own)


def panel_of(session: Session, application_id: uuid.UUID) -> list[PanelMember]:
    """The seats of an application's panel, those recused too, in the order of appointment."""
    seats = select(PanelMember).where(PanelMember.application_id == application_id).order_by(PanelMember.id)
    return list(session.scalars(seats))


def interests_of(session: Session, expert_id: uuid.UUID) -> set[uuid.UUID]:
    """The organizations in which an expert declared an interest."""
    return set(session.scalars(select(Interest.organization_id).where(Interest.expert_id == expert_id)))


def objection_states(session: Session, application_id: uuid.UUID) -> set[str]:
    """Which states the objections to an application are in."""
    return set(session.scalars(select(Objection.state).where(Objection.application_id == application_id).distinct()))


def notices() -> Any:  # a Select of the columns named below
    """What has been put before the public: the noticed applications and what became of them, with the applicant's name.

    What anyone may read of an application is named here, one by one.
    """
    return (
        select(
            Application.id,
            Application.round_id,
            Round.code.label("round_code"),
            Application.tier,
            Application.state,
            Application.noticed_on,
            Application.objections_until,
            Application.decided_at,
            Organization.name_zh.label("teo_name_zh"),
            Organization.name_en.label("teo_name_en"),
        )
        .join(Round, Round.id == Application.round_id)
        .join(Organization, Organization.id == Application.teo_id)
        .where(Application.noticed_on.is_not(None))
    )


def visible_filings(by: Caller) -> Select[CollegeFiling]:
    """The Ministry and the operator read every filing, a province its own (OP-01)."""
    query = select(CollegeFiling)
    return query if by.sees_everything else query.where(CollegeFiling.province_code == by.province_code)


def filing_to_change(session: Session, filing_id: uuid.UUID, by: Caller) -> CollegeFiling:
    """The filing of a request's address, locked; raise NotFound without one, or for another province's."""
    found = session.get(CollegeFiling, filing_id, with_for_update=True)
    if found is None or not (by.sees_everything or found.province_code == by.province_code):
        raise NotFound()
    return found


def colleges_of(session: Session, by: Caller, filing_id: uuid.UUID) -> Select[FiledCollege]:
    """The colleges of a filing; raise NotFound for a filing that the caller may not see."""
    if (
        session.scalar(visible_filings(by).with_only_columns(CollegeFiling.id).where(CollegeFiling.id == filing_id))
        is None
    ):
        raise NotFound()
    return owned_by(select(FiledCollege), FiledCollege.filing_id, filing_id)
