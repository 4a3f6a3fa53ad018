"""HTTP bodies of the history."""

from typing import Any

from marshmallow import Schema, fields, validate

from services.registry.history.queries import MOST_VERIFIED

_VALUES = "by column; of what is sealed, hashed or secret only that it changed"


class Hex(fields.String):
    """Bytes as hexadecimal digits."""

    def _serialize(self, value: Any, *_: Any, **__: Any) -> str | None:
        return None if value is None else bytes(value).hex()


class ChangeSchema(Schema):
    """A record made (nothing before), changed (the changed columns), or removed (nothing after)."""

    seq = fields.Integer(metadata={"description": "its place in the chain, from 1 without gaps"})
    at = fields.AwareDateTime()
    actor = fields.String(metadata={"description": "a client's or a person's id, `public`, or a door's name"})
    role = fields.String(allow_none=True)
    verb = fields.String(metadata={"description": "the door it came by"})
    table = fields.String(attribute="table_name")
    record_id = fields.String()
    before = fields.Dict(keys=fields.String(), allow_none=True, metadata={"description": _VALUES})
    after = fields.Dict(keys=fields.String(), allow_none=True, metadata={"description": _VALUES})
    hash = Hex(metadata={"description": "SHA-256 over the entry and the hash of the one before it"})


class VerificationQuery(Schema):
    """Where to begin."""

    from_seq = fields.Integer(load_default=1, validate=validate.Range(1, 2**62))


class BrokenSchema(Schema):
    """Where the chain is broken, and how."""

    seq = fields.Integer()
    what = fields.String(metadata={"enum": ["missing", "altered", "unlinked", "unknown"]})


class VerificationSchema(Schema):
    """Whether the chain of changes holds."""

    length = fields.Integer(metadata={"description": "entries of the whole chain"})
    head = Hex(metadata={"description": "the last entry's hash; note it down to tell later that nothing was rewritten"})
    verified_from = fields.Integer()
    verified_to = fields.Integer()
    next = fields.Integer(
        allow_none=True,
        metadata={"description": f"go on from here: a request verifies {MOST_VERIFIED} entries at most"},
    )
    broken = fields.Nested(BrokenSchema, allow_none=True, metadata={"description": "the first broken place, if any"})
