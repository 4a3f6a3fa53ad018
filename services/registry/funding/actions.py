"""Funds are allocated, received and used; what was misused is found and settled."""

import uuid
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from onex.chassis import clock
from onex.chassis.access import Caller, Role
from onex.chassis.database import UnitOfWork
from onex.chassis.problems import OutOfScope
from services.registry.exits import actions as exits
from services.registry.funding import queries, rules
from services.registry.funding.errors import AllocationExists, CategoryExists, MisuseCaseOpen
from services.registry.funding.models import Allocation, FundUse, Misuse, Receipt, UseCategory
from services.registry.organizations import queries as organizations
from services.registry.organizations.models import Organization


def plant_categories(session: UnitOfWork) -> None:
    """Bring the usual headings into the table; what is there stays as it is."""
    known = set(session.scalars(select(UseCategory.code)))
    for one in rules.CATEGORIES:
        if one.code not in known:
            row = {name: getattr(one, name) for name in ("code", "name_zh", "name_en", "allowed")}
            session.add(UseCategory(**row, changed_by="migration"))
    session.flush()


def add_category(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> UseCategory:
    """A further heading under which funds are used, allowed or not (OP-30)."""
    category = UseCategory(**body, changed_by=by.client_id, changed_at=clock.now())
    session.add(category)
    try:
        session.flush()
    except IntegrityError:
        raise CategoryExists() from None
    return category


def change_category(session: UnitOfWork, code: str, changes: dict[str, Any], *, by: Caller) -> UseCategory:
    """Change a heading, for the uses that are recorded from now on."""
    category = queries.category_to_change(session, code)
    for name, value in changes.items():
        setattr(category, name, value)
    category.changed_by, category.changed_at = by.client_id, clock.now()
    return category


def allocate(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> Allocation:
    """Put on record what a document gives a college that is in the pilot on that day (OP-34, PP-41, PP-43)."""
    college = organizations.pilot_college(session, body["college_id"])
    if by.role == Role.PROVINCE and college.province_code != by.province_code:
        raise OutOfScope()
    return allocate_to(session, college, body, by=by)


def allocate_to(session: UnitOfWork, college: Organization, body: dict[str, Any], *, by: Caller) -> Allocation:
    """`allocate` for a college that was looked up."""
    _check_day(session, college.id, body["allocated_on"])
    allocation = Allocation(
        **body | {"college_id": college.id},
        province_code=college.province_code,
        received_fen=0,
        used_fen=0,
        state=rules.ALLOCATED,
        recorded_by=by.client_id,
    )
    session.add(allocation)
    _flush(session)
    session.refresh(allocation)
    return allocation


def change(session: UnitOfWork, allocation_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> Allocation:
    """Put an allocation right before anything of it was received."""
    allocation = _untouched(session, allocation_id, "change", by)
    _check_day(session, allocation.college_id, body["allocated_on"])
    for name, value in body.items():
        setattr(allocation, name, value)
    _flush(session)
    return allocation


def withdraw(session: UnitOfWork, allocation_id: uuid.UUID, *, by: Caller) -> Allocation:
    """Take an allocation back before anything of it was received."""
    return _untouched(session, allocation_id, "withdraw", by)


def _untouched(session: UnitOfWork, allocation_id: uuid.UUID, verb: str, by: Caller) -> Allocation:
    allocation = queries.to_change(session, by, Allocation, allocation_id)
    state = rules.ALLOCATION.after(allocation.state, verb)
    rules.check_untouched(allocation.received_fen)
    allocation.state = state
    allocation.changed_by, allocation.changed_at = by.client_id, clock.now()
    return allocation


def _check_day(session: UnitOfWork, college_id: uuid.UUID, allocated_on: date) -> None:
    rules.check_allocated(allocated_on, clock.today())
    rules.check_in_pilot(organizations.in_pilot(session, college_id, allocated_on))


def receive(session: UnitOfWork, allocation_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> Receipt:
    """The college has received something of an allocation (OP-34). The allocation's lock keeps the sum from being passed."""
    allocation = _standing(session, allocation_id, by)
    rules.check_after_allocation(body["received_on"], allocation.allocated_on, clock.today())
    rules.check_in_pilot(organizations.in_pilot(session, allocation.college_id, body["received_on"]))
    allocation.received_fen = rules.received_after(allocation.amount_fen, allocation.received_fen, body["amount_fen"])
    receipt = Receipt(**body, **_whose(allocation), recorded_by=by.client_id)
    session.add(receipt)
    session.flush()
    session.refresh(receipt)
    _note_completion(session, allocation)
    return receipt


def cancel_receipt(session: UnitOfWork, receipt_id: uuid.UUID, reason: str, *, by: Caller) -> Receipt:
    """Take back a receipt that was recorded by mistake, as long as it is not used."""
    seen = queries.one_visible(session, by, Receipt, receipt_id)
    allocation = queries.to_change(session, by, Allocation, seen.allocation_id)  # locked first, as everywhere
    receipt: Receipt = queries.to_change(session, by, Receipt, receipt_id)
    by.must_be(receipt.college_id)
    rules.check_not_cancelled(receipt.cancelled_at is not None)
    allocation.received_fen = rules.received_without(allocation.received_fen, allocation.used_fen, receipt.amount_fen)
    _cancel(receipt, reason, by)
    session.flush()
    _note_completion(session, allocation)
    return receipt


def use(session: UnitOfWork, allocation_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> FundUse:
    """The college has used something of an allocation (OP-30); under a heading that is not allowed, it is misuse (OP-35)."""
    allocation = _standing(session, allocation_id, by)
    category = queries.category_named(session, body["category"])
    rules.check_after_allocation(body["used_on"], allocation.allocated_on, clock.today())
    allocation.used_fen = rules.used_after(
        allocation.amount_fen, allocation.received_fen, allocation.used_fen, body["amount_fen"]
    )
    made = FundUse(**body, **_whose(allocation), recorded_by=by.client_id)
    session.add(made)
    session.flush()
    session.refresh(made)
    if rules.is_misuse(category.allowed):
        session.add(
            Misuse(
                college_id=made.college_id,
                province_code=made.province_code,
                use_id=made.id,
                what="category",
                amount_fen=made.amount_fen,
                finding=rules.found_of("category", made.amount_fen, category.code),
                state=rules.FOUND,
                remark="",
                found_by=by.client_id,
            )
        )
        session.flush()
    return made


def cancel_use(session: UnitOfWork, use_id: uuid.UUID, reason: str, *, by: Caller) -> FundUse:
    """Take back a use that was recorded by mistake. Misuse that it showed stays found until someone settles it."""
    seen = queries.one_visible(session, by, FundUse, use_id)
    allocation = queries.to_change(session, by, Allocation, seen.allocation_id)
    made = queries.to_change(session, by, FundUse, use_id)
    by.must_be(made.college_id)
    rules.check_not_cancelled(made.cancelled_at is not None)
    allocation.used_fen -= made.amount_fen
    _cancel(made, reason, by)
    return made


def report_misuse(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> Misuse:
    """A province, the Ministry or the operator found funds withheld or diverted (OP-35)."""
    college = organizations.pilot_college(session, body["college_id"])
    if by.role == Role.PROVINCE and college.province_code != by.province_code:
        raise OutOfScope()
    misuse = Misuse(**body, province_code=college.province_code, state=rules.FOUND, remark="", found_by=by.client_id)
    session.add(misuse)
    session.flush()
    session.refresh(misuse)
    return misuse


def settle_misuse(session: UnitOfWork, misuse_id: uuid.UUID, verb: str, remark: str, *, by: Caller) -> Misuse:
    """Misuse is put right, dismissed, or leads to an exit case on the ground of irregular funds (OP-42 c)."""
    misuse = queries.to_change(session, by, Misuse, misuse_id)
    misuse.state = rules.MISUSE.after(misuse.state, verb)
    misuse.remark, misuse.settled_by, misuse.settled_at = remark, by.client_id, clock.now()
    if verb == "open_case":
        case = exits.open_case(session, misuse.college_id, rules.MISUSE_GROUND, found=misuse.finding, by=by)
        if case is None:
            raise MisuseCaseOpen()
        misuse.exit_case_id = case.id
    return misuse


def _standing(session: UnitOfWork, allocation_id: uuid.UUID, by: Caller) -> Allocation:
    """The college's own allocation that stands, locked: two receipts or uses at once are one after the other."""
    allocation = queries.to_change(session, by, Allocation, allocation_id)
    by.must_be(allocation.college_id)
    rules.ALLOCATION.after(allocation.state, "change")
    return allocation


def _whose(allocation: Allocation) -> dict[str, Any]:
    return {
        "allocation_id": allocation.id,
        "college_id": allocation.college_id,
        "province_code": allocation.province_code,
    }


def _note_completion(session: UnitOfWork, allocation: Allocation) -> None:
    """OP-34: an allocation has come in full on the day of its last receipt."""
    complete = allocation.received_fen == allocation.amount_fen
    allocation.received_in_full_on = queries.last_receipt_on(session, allocation.id) if complete else None


def _cancel(entry: Receipt | FundUse, reason: str, by: Caller) -> None:
    entry.cancelled_at, entry.cancelled_by, entry.cancelled_because = clock.now(), by.client_id, reason


def _flush(session: UnitOfWork) -> None:
    try:
        session.flush()
    except IntegrityError:
        raise AllocationExists() from None
