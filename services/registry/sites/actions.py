"""Sites are declared, corrected, settled or refused, filed, suspended and closed."""

import uuid
from typing import Any

from sqlalchemy.exc import IntegrityError

from onex.chassis import clock
from onex.chassis.access import Caller, Role
from onex.chassis.database import UnitOfWork
from onex.chassis.problems import OutOfScope, Refusal
from onex.contracts.pilot import SiteStandingChanged
from onex.contracts.registry import SiteFiled
from onex.messaging import outbox
from services.registry.organizations import queries as organizations
from services.registry.organizations import rules as organization_rules
from services.registry.organizations.models import Organization
from services.registry.sites import queries, rules
from services.registry.sites.errors import SiteExists
from services.registry.sites.models import Site
from services.registry.sites.states import SITE
from services.registry.standards import actions as standard_actions
from services.registry.standards import queries as standards
from services.registry.standards.models import CertificateType


def declare(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> Site:
    """A college that takes part declares a site against the published conditions (OP-23, PP-20)."""
    if by.organization_id is None:
        raise OutOfScope()
    return declare_for(session, by.organization_id, body, by=by)


def declare_for(session: UnitOfWork, college_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> Site:
    """Declare a site of this college: in its territory, for a published certificate type that it may assess."""
    certificate_type = standards.type_named(session, body["certificate_type_id"])
    standard_actions.must_be_in_force(session, certificate_type)
    college = _eligible_college(session, college_id, certificate_type)
    _check_place(session, college, body)
    site = Site(
        college_id=college.id,
        teo_id=certificate_type.teo_id,
        province_code=college.province_code,
        state=rules.DECLARED,
        version=0,
        declared_by=by.client_id,
        **body,
    )
    _check_conditions(session, site)
    session.add(site)
    try:
        session.flush()
    except IntegrityError:
        raise SiteExists() from None
    session.refresh(site)
    return site


def correct(session: UnitOfWork, site_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> Site:
    """The college declares anew what is not settled yet, or was refused; both sides consent from the beginning (OP-23)."""
    site = queries.to_change(session, site_id)
    by.must_be(site.college_id)
    return correct_to(session, site, body, by=by)


def correct_to(session: UnitOfWork, site: Site, body: dict[str, Any], *, by: Caller) -> Site:
    """Change what a site's declaration says; its code, type and college stay."""
    site.state = SITE.after(site.state, "correct")
    certificate_type = standards.type_named(session, site.certificate_type_id)
    _check_place(session, _eligible_college(session, site.college_id, certificate_type), body)
    for name, value in body.items():
        setattr(site, name, value)
    _check_conditions(session, site)
    site.teo_consented_at = site.teo_consented_by = None
    site.province_consented_at = site.province_consented_by = None
    _note_change(site, rules.COLLEGE_SIDE, None, by)
    return site


def settle(session: UnitOfWork, site_id: uuid.UUID, *, by: Caller) -> Site:
    """One side consents; when the TEO and the province both have, the site is settled (OP-23)."""
    site = queries.to_change(session, site_id)
    side = _side_of(site, by)
    settled = SITE.after(site.state, "settle")
    if side == rules.PROVINCE_SIDE:
        rules.check_consent(site.province_consented_at)
        site.province_consented_at, site.province_consented_by = clock.now(), by.client_id
    else:
        rules.check_consent(site.teo_consented_at)
        standard_actions.must_operate(session, site.teo_id)
        site.teo_consented_at, site.teo_consented_by = clock.now(), by.client_id
    _check_conditions(session, site)  # a newer list may have come into force since the declaration
    if rules.both_consented(site.teo_consented_at, site.province_consented_at):
        site.state = settled
    return site


def refuse(session: UnitOfWork, site_id: uuid.UUID, reason: str, *, by: Caller) -> Site:
    """One side does not want the site and says why (OP-23); the college may correct it and declare it again."""
    return _change_state(session, site_id, "refuse", reason, by=by)


def withdraw(session: UnitOfWork, site_id: uuid.UUID, *, by: Caller) -> Site:
    """The college takes its declaration back, until the site is filed (OP-23)."""
    site = queries.to_change(session, site_id)
    by.must_be(site.college_id)
    site.state = SITE.after(site.state, "withdraw")
    _note_change(site, rules.COLLEGE_SIDE, None, by)
    return site


def file(session: UnitOfWork, site_id: uuid.UUID, *, by: Caller) -> Site:
    """The province files a settled site; sittings may be held there from now on (OP-23)."""
    site = queries.to_change(session, site_id)
    _must_be_province_of(site, by)
    site.state = SITE.after(site.state, "file")
    standard_actions.must_operate(session, site.teo_id)
    _eligible_college(session, site.college_id, standards.type_named(session, site.certificate_type_id))
    site.filed_at, site.filed_by = clock.now(), by.client_id
    site.version += 1
    outbox.append(
        session,
        SiteFiled(
            site_id=site.id,
            code=site.code,
            college_id=site.college_id,
            teo_id=site.teo_id,
            certificate_type_id=site.certificate_type_id,
            division_code=site.division_code,
            filed_at=site.filed_at,
        ),
    )
    return site


def suspend(session: UnitOfWork, site_id: uuid.UUID, reason: str, *, by: Caller) -> Site:
    """One side stops a filed site for a time and says why (OP-23)."""
    return _change_filed(session, site_id, "suspend", reason, by=by)


def resume(session: UnitOfWork, site_id: uuid.UUID, reason: str, *, by: Caller) -> Site:
    """The side that suspended a site lets it go on; its college must still be one that may have sites (PP-20)."""
    site = queries.to_change(session, site_id)
    side, suspended_by = _side_of(site, by), site.state_side
    SITE.after(site.state, "resume")
    rules.check_resumed_by(side, suspended_by)
    _eligible_college(session, site.college_id, standards.type_named(session, site.certificate_type_id))
    return _change_filed(session, site_id, "resume", reason, by=by)


def close(session: UnitOfWork, site_id: uuid.UUID, reason: str, *, by: Caller) -> Site:
    """The province takes a site off its file for good (OP-23)."""
    return _change_filed(session, site_id, "close", reason, by=by)


def _change_filed(session: UnitOfWork, site_id: uuid.UUID, verb: str, reason: str, *, by: Caller) -> Site:
    """A step of a site that others know of: they hear of it under its next version."""
    site = _change_state(session, site_id, verb, reason, by=by)
    site.version += 1
    assert site.state_changed_at is not None  # just noted
    outbox.append(
        session,
        SiteStandingChanged(
            site_id=site.id,
            site_version=site.version,
            standing=site.state,  # type: ignore[arg-type]  # these verbs lead to nothing else
            code=site.code,
            college_id=site.college_id,
            teo_id=site.teo_id,
            certificate_type_id=site.certificate_type_id,
            division_code=site.division_code,
            changed_at=site.state_changed_at,
        ),
    )
    return site


def _change_state(session: UnitOfWork, site_id: uuid.UUID, verb: str, reason: str | None, *, by: Caller) -> Site:
    site = queries.to_change(session, site_id)
    side = _side_of(site, by)
    site.state = SITE.after(site.state, verb)
    _note_change(site, side, reason, by)
    return site


def _note_change(site: Site, side: str, reason: str | None, by: Caller) -> None:
    site.state_side, site.state_reason = side, reason
    site.state_changed_at, site.state_changed_by = clock.now(), by.client_id


def _eligible_college(session: UnitOfWork, college_id: uuid.UUID, certificate_type: CertificateType) -> Organization:
    """PP-20: sites are in colleges that take part, and to which a level of the type is open (PP-13)."""
    college = organizations.named(session, college_id, organization_rules.COLLEGE)
    organization_rules.check_admitted(college.kind, college.status)
    in_force = standards.levels_in_force(session, [certificate_type.id])[certificate_type.id]
    rules.check_level_open({standard.level: _shut(session, college, standard.level) for standard in in_force})
    return college


def _shut(session: UnitOfWork, college: Organization, level: str) -> Refusal | None:
    try:
        standard_actions.must_be_open(session, college, level)
    except Refusal as refusal:
        return refusal
    return None


def _check_place(session: UnitOfWork, college: Organization, body: dict[str, Any]) -> None:
    """OP-01, OP-25: the site, and the base it lies in, are in the college's province."""
    assert college.province_code is not None  # no college is registered without
    organization_rules.check_division(body["division_code"])
    organization_rules.check_territory(body["division_code"], college.province_code)
    if body.get("base_id") is not None:
        base = organizations.named(session, body["base_id"], organization_rules.TRAINING_BASE)
        organization_rules.check_admitted(base.kind, base.status)
        shared = organizations.shares_base(session, base.id, college.id, clock.today())
        rules.check_base(base.province_code, college.province_code, shared=shared)


def _check_conditions(session: UnitOfWork, site: Site) -> None:
    """OP-23: what the site says of itself meets the conditions in force today; without any, it is what the college says."""
    in_force = queries.conditions_in_force(session, site.certificate_type_id, clock.today())
    if in_force is not None:
        rules.check_conditions(in_force.conditions, site.conditions)
    site.condition_list_id = in_force.id if in_force else None


def _side_of(site: Site, by: Caller) -> str:
    """Whether the caller is the type's TEO or the college's province; nobody else changes a site's state (OP-01)."""
    if by.role == Role.PROVINCE:
        _must_be_province_of(site, by)
        return rules.PROVINCE_SIDE
    by.must_be(site.teo_id)
    return rules.TEO_SIDE


def _must_be_province_of(site: Site, by: Caller) -> None:
    """OP-01: a province acts in its own territory."""
    if by.province_code is None or by.province_code != site.province_code:
        raise OutOfScope()
