"""Accounts are opened when something is first booked to them."""

import uuid
from collections.abc import Iterable
from typing import Any, Literal, cast

from sqlalchemy import CursorResult, text
from sqlalchemy.orm import Session

from onex.chassis.database import in_order, uuid_array
from onex.chassis.ids import new_ids

Key = Literal["learner_id", "certificate_type_id"]
_KIND: dict[Key, str] = {"learner_id": "learner", "certificate_type_id": "issuance"}


def ensure(session: Session, key: Key, values: Iterable[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """The account of each learner, or of each certificate type; opens those that are missing. At most three statements."""
    wanted = in_order(values)
    known = _read(session, key, wanted)
    if missing := [value for value in wanted if value not in known]:
        ids = new_ids(len(missing))
        opened = session.execute(
            text(
                f"INSERT INTO account (id, kind, {key}) SELECT one.id, :kind, one.value"
                " FROM unnest(CAST(:ids AS uuid[]), CAST(:values AS uuid[])) AS one (id, value)"
                f" ON CONFLICT ({key}) DO NOTHING"
            ),
            {"kind": _KIND[key], "ids": uuid_array(ids), "values": uuid_array(missing)},
        )
        all_ours = cast("CursorResult[Any]", opened).rowcount == len(missing)
        known |= dict(zip(missing, ids, strict=True)) if all_ours else _read(session, key, missing)
    return known


def _read(session: Session, key: Key, values: list[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    rows = session.execute(
        text(f"SELECT {key} AS value, id FROM account WHERE {key} = ANY(CAST(:values AS uuid[]))"),
        {"values": uuid_array(values)},
    )
    return {row.value: row.id for row in rows}
