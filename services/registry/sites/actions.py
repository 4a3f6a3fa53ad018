"""Sites are declared, settled and filed."""

import uuid
from typing import Any

from sqlalchemy.exc import IntegrityError

from onex.chassis import clock
from onex.chassis.access import Caller, Role
from onex.chassis.database import UnitOfWork
from onex.chassis.problems import OutOfScope
from onex.contracts.registry import SiteFiled
from onex.messaging import outbox
from services.registry.agreements import actions as agreements
from services.registry.organizations import queries as organizations
from services.registry.organizations import rules as organization_rules
from services.registry.organizations.models import Organization
from services.registry.sites import queries, rules
from services.registry.sites.errors import SiteExists
from services.registry.sites.models import Site
from services.registry.standards import queries as standards
from services.registry.standards import rules as standard_rules


def declare(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> Site:
    """An admitted college declares a site in its territory for a published certificate type (OP-23, PP-20)."""
    college = _eligible_college(session, by.organization_id)
    certificate_type = standards.type_named(session, body["certificate_type_id"])
    standard_rules.check_published(certificate_type.version)
    assert college.province_code is not None  # no college is registered without
    organization_rules.check_division(body["division_code"])
    organization_rules.check_territory(body["division_code"], college.province_code)
    site = Site(
        college_id=college.id,
        teo_id=certificate_type.teo_id,
        province_code=college.province_code,
        state=rules.DECLARED,
        declared_by=by.client_id,
        **body,
    )
    session.add(site)
    try:
        session.flush()
    except IntegrityError:
        raise SiteExists() from None
    session.refresh(site)
    return site


def settle(session: UnitOfWork, site_id: uuid.UUID, *, by: Caller) -> Site:
    """One side consents; when the TEO and the province both have, the site is settled (OP-23)."""
    site = queries.to_change(session, site_id)
    if by.role == Role.PROVINCE:
        _must_be_province_of(site, by)
        rules.check_consent(site.state, site.province_consented_at)
        site.province_consented_at, site.province_consented_by = clock.now(), by.client_id
    else:
        by.must_be(site.teo_id)
        rules.check_consent(site.state, site.teo_consented_at)
        agreements.must_be_in_force(session, site.teo_id)
        site.teo_consented_at, site.teo_consented_by = clock.now(), by.client_id
    site.state = rules.state_after_consent(site.teo_consented_at, site.province_consented_at)
    return site


def file(session: UnitOfWork, site_id: uuid.UUID, *, by: Caller) -> Site:
    """The province files a settled site; sittings may be held there from now on (OP-23)."""
    site = queries.to_change(session, site_id)
    _must_be_province_of(site, by)
    rules.check_state(site.state, rules.SETTLED)
    _eligible_college(session, site.college_id)
    site.state, site.filed_at, site.filed_by = rules.FILED, clock.now(), by.client_id
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


def _eligible_college(session: UnitOfWork, college_id: uuid.UUID | None) -> Organization:
    """PP-20: sites are in colleges that take part."""
    if college_id is None:
        raise OutOfScope()
    college = organizations.named(session, college_id, organization_rules.COLLEGE)
    organization_rules.check_admitted(college.kind, college.status)
    return college


def _must_be_province_of(site: Site, by: Caller) -> None:
    """OP-01: a province acts in its own territory."""
    if by.province_code != site.province_code:
        raise OutOfScope()
