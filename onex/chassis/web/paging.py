"""Lists page by cursor, never by OFFSET: the cost of a page does not grow with the table."""

import base64
import binascii
import uuid
from typing import Any

from marshmallow import Schema, fields
from sqlalchemy import Select
from sqlalchemy.orm import Session

from onex.chassis.problems import Malformed

DEFAULT_SIZE, MAX_SIZE = 50, 200


class PageQuery(Schema):
    """The query arguments of every list; a list that can be filtered adds its own."""

    cursor = fields.String(load_default=None, allow_none=False, metadata={"description": "`next` of the page before"})
    size = fields.Integer(
        load_default=None,
        allow_none=False,
        metadata={"description": f"at most {MAX_SIZE}; {DEFAULT_SIZE} if not given"},
    )


def page(session: Session, query: Select[Any], id_column: Any, cursor: str | None, size: int | None) -> dict[str, Any]:
    """Return `{"items": [...], "next": cursor or None}`, newest first by a UUIDv7 id column."""
    limit = min(max(size or DEFAULT_SIZE, 1), MAX_SIZE)
    if cursor:
        query = query.where(id_column < _decode(cursor))
    items = list(session.scalars(query.order_by(id_column.desc()).limit(limit + 1)))
    following = _encode(getattr(items[limit - 1], id_column.key)) if len(items) > limit else None
    return {"items": items[:limit], "next": following}


def _encode(last_id: uuid.UUID) -> str:
    return base64.urlsafe_b64encode(last_id.bytes).decode().rstrip("=")


def _decode(cursor: str) -> uuid.UUID:
    try:
        return uuid.UUID(bytes=base64.urlsafe_b64decode(cursor + "=="))
    except (ValueError, binascii.Error):
        raise Malformed("The cursor is not one that this list gave out.") from None
