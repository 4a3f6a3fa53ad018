"""Reads of funding."""

import uuid
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Select, column, func, select, values
from sqlalchemy.orm import Session

from onex.chassis.access import Caller, Role
from onex.chassis.owned import seen_by
from onex.chassis.problems import there
from services.registry.funding import rules
from services.registry.funding.errors import CategoryUnknown
from services.registry.funding.models import Allocation, FundUse, Misuse, Receipt, UseCategory
from services.registry.organizations import divisions
from services.registry.organizations.errors import OrganizationUnknown
from services.registry.organizations.models import Organization
from services.registry.organizations.rules import COLLEGE

Row = TypeVar("Row", Allocation, Receipt, FundUse, Misuse)


def visible(by: Caller, table: type[Row]) -> Select[Row]:
    """Ministry and operator see everything, a province what is of its colleges, a college its own (OP-01)."""
    return seen_by(by, select(table), {Role.PROVINCE: table.province_code, Role.COLLEGE: table.college_id})


def one_visible(session: Session, by: Caller, table: type[Row], row_id: uuid.UUID) -> Row:
    """The row; raise NotFound when there is none that the caller may see."""
    return there(session.scalars(visible(by, table).where(table.id == row_id)).first())


def to_change(session: Session, by: Caller, table: type[Row], row_id: uuid.UUID) -> Row:
    """A row that the caller may see, locked until the transaction ends; raise NotFound without one."""
    query = visible(by, table).where(table.id == row_id).with_for_update()
    return there(session.scalars(query.execution_options(populate_existing=True)).first())


def college_of_code(session: Session, by: Caller, code: str) -> Organization:
    """The college of a file's row; raise OrganizationUnknown when the caller has none of this code in its scope (OP-01)."""
    query = select(Organization).where(Organization.kind == COLLEGE, Organization.code == code)
    if by.role == Role.PROVINCE:
        query = query.where(Organization.province_code == by.province_code)
    found = session.scalar(query)
    if found is None:
        raise OrganizationUnknown("No college of yours has this code.", column="college_code")
    return found


def same_document(session: Session, college_id: uuid.UUID, values: dict[str, Any]) -> Allocation | None:
    """What the same document has allocated the college from the same source, None if it has not."""
    standing = select(Allocation).where(Allocation.college_id == college_id, Allocation.state == rules.ALLOCATED)
    names = ("source", "kind", "reference")
    return session.scalar(standing.where(*(getattr(Allocation, name) == values[name] for name in names)))


def last_receipt_on(session: Session, allocation_id: uuid.UUID) -> date | None:
    """The day of an allocation's last receipt that stands."""
    standing = select(func.max(Receipt.received_on)).where(Receipt.allocation_id == allocation_id)
    return session.scalar(standing.where(Receipt.cancelled_at.is_(None)))


def categories() -> Select[UseCategory]:
    """Every heading; they are no secret."""
    return select(UseCategory)


def category_to_change(session: Session, code: str) -> UseCategory:
    """The heading of an address, locked until the transaction ends; raise NotFound without one."""
    return there(session.scalar(select(UseCategory).where(UseCategory.code == code).with_for_update()))


def category_named(session: Session, code: str) -> UseCategory:
    """The heading of this code; raise CategoryUnknown without one."""
    found = session.scalar(select(UseCategory).where(UseCategory.code == code))
    if found is None:
        raise CategoryUnknown()
    return found


def timeliness(
    session: Session, by: Caller, today: date, *, first: date | None, last: date | None, source: str | None
) -> list[dict[str, Any]]:
    """OP-34: per province how long funds took from allocation to receipt in full; one query, days and fen exact.

    `first` and `last` are days of allocation, both included. What has not come in full is counted by how long it is waited for.
    Province by province, so that one stretch of an index is summed up for each, and the table is not read.
    """
    codes = [(code,) for code in (divisions.PROVINCES if by.sees_everything else (by.province_code,))]
    province = values(column("code", Allocation.province_code.type), name="province").data(codes)
    took = Allocation.received_in_full_on - Allocation.allocated_on
    waiting = Allocation.received_in_full_on.is_(None)
    query = select(
        func.count().label("allocations"),
        func.count(Allocation.received_in_full_on).label("received_in_full"),
        func.sum(Allocation.amount_fen).label("allocated_fen"),
        func.sum(Allocation.received_fen).label("received_fen"),
        func.coalesce(func.sum(took), 0).label("days_total"),
        func.max(took).label("days_longest"),
        func.max(today - Allocation.allocated_on).filter(waiting).label("days_waiting_longest"),
    ).where(Allocation.state == rules.ALLOCATED, Allocation.province_code == province.c.code)
    if first is not None:
        query = query.where(Allocation.allocated_on >= first)
    if last is not None:
        query = query.where(Allocation.allocated_on <= last)
    if source is not None:
        query = query.where(Allocation.source == source)
    sums = query.lateral("sums")
    of_each = select(province.c.code.label("province_code"), *sums.c).join(sums, sums.c.allocations > 0)
    rows = session.execute(of_each.order_by(province.c.code)).mappings()
    return [dict(row) | {"days_mean": rules.mean_days(int(row["days_total"]), row["received_in_full"])} for row in rows]
