"""Quotas: how many candidates of a college a type's level takes in a year, filed by the province (OP-07)."""

import uuid
from typing import Any

from sqlalchemy import Select, select, text

from onex.chassis import clock
from onex.chassis.access import Caller, Role
from onex.chassis.database import UnitOfWork
from onex.contracts.pilot import QuotaFiled
from onex.messaging import outbox
from services.registry.organizations import queries, rules
from services.registry.organizations.models import Quota
from services.registry.standards import actions as standards


def file(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> tuple[Quota, bool]:
    """File a college's quota, the first time or changed; returns it, and whether anything changed.

    The same filing again changes nothing and says nothing.
    """
    college = queries.pilot_college(session, body["college_id"])
    rules.check_own_province(by, college.province_code)
    rules.check_quota_year(body["year"], clock.today())
    certificate_type = standards.must_have_level(session, body["certificate_type_id"], body["level"])
    standards.must_be_open(session, college, body["level"])
    quota = _locked(session, body)
    if quota is not None and quota.seats == body["seats"]:
        return quota, False
    if quota is None:
        assert college.province_code is not None  # no college is registered without
        quota = Quota(province_code=college.province_code, teo_id=certificate_type.teo_id, version=0, **body)
        session.add(quota)
    quota.seats, quota.version = body["seats"], quota.version + 1
    quota.filed_by, quota.filed_at = by.client_id, clock.now()
    session.flush()
    outbox.append(
        session,
        QuotaFiled(
            quota_id=quota.id,
            quota_version=quota.version,
            college_id=quota.college_id,
            certificate_type_id=quota.certificate_type_id,
            level=quota.level,  # type: ignore[arg-type]  # the table allows nothing else
            year=quota.year,
            seats=quota.seats,
        ),
    )
    return quota, True


def visible(by: Caller) -> Select[Quota]:
    """Regulators their scope (PP-01), a college its own, a TEO those of its types."""
    query = select(Quota)
    if by.role == Role.PROVINCE:
        return query.where(Quota.province_code == by.province_code)
    if by.role == Role.COLLEGE:
        return query.where(Quota.college_id == by.organization_id)
    if by.role == Role.TEO:
        return query.where(Quota.teo_id == by.organization_id)
    return query


def _locked(session: UnitOfWork, body: dict[str, Any]) -> Quota | None:
    """The quota as it stands. Who files the same one at the same time waits here, also while there is no row to lock."""
    key = {name: body[name] for name in ("college_id", "certificate_type_id", "level", "year")}
    session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": "quota " + _text_of(key)})
    return session.scalars(select(Quota).filter_by(**key).with_for_update()).first()


def _text_of(key: dict[str, uuid.UUID | str | int]) -> str:
    return " ".join(map(str, key.values()))
