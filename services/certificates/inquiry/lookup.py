"""Number and name, or number and token, in; certificate out."""

from datetime import date
from typing import NamedTuple

from onex.chassis.pii import Vault
from onex.chassis.web import Runtime
from services.certificates.inquiry import rules, tokens
from services.certificates.inquiry.connections import Connections
from services.certificates.issuing import numbers
from services.certificates.issuing.names import name_index

_OF_NUMBER = """
    SELECT c.name_index, c.number, c.masked_name, c.type_code, t.name_zh, t.name_en, c.level, o.name_zh, o.name_en,
           c.issued_on, c.state
    FROM certificate c
    JOIN certificate_type t ON t.id = c.certificate_type_id
    JOIN teo o ON o.id = c.teo_id
    WHERE c.number = $1
"""
# The name is asked for as well, so that a wrong one is no more work for the database than an absent number.
_FIND = f"{_OF_NUMBER} AND c.name_index = $2"
_NO_NUMBER = b"-"  # looked up for what cannot be a number, so that the same work is done for it


class Finding(NamedTuple):
    """What the public learns of a certificate whose number and name it knows."""

    number: str
    masked_name: str
    type_code: str
    type_zh: str
    type_en: str
    level: str
    teo_zh: str
    teo_en: str
    issued_on: date
    state: str


class Lookup:
    """Finds certificates for one process's public doors."""

    def __init__(self, vault: Vault, connections: Connections) -> None:
        self._vault, self._connections = vault, connections

    @classmethod
    def of(cls, rt: Runtime) -> "Lookup":
        settings = rt.settings
        connections = Connections(rt.database.dsn, settings.service, size=settings.database_pool_size)
        return cls(rt.vault, connections)

    def find(self, number: str, name: str) -> Finding | None:
        """OP-32, PP-44: the certificate of this number if it is of this name, in any spelling of both; None for every
        other case alike. Raises AllBusy or psycopg.OperationalError when the database does not answer."""
        clean = numbers.clean(number)
        asked_index = name_index(self._vault, name)
        row = self._connections.fetch_one(_FIND, clean.encode() if numbers.is_valid(clean) else _NO_NUMBER, asked_index)
        if not rules.belongs_to(bytes(row[0]) if row else None, asked_index) or row is None:
            return None
        return Finding(*row[1:])

    def find_by_token(self, number: str, token: str) -> Finding | None:
        """The certificate of this number if it is of this token (tokens.py), in any spelling of the number. For a wrong token
        nothing is looked up, whatever the number. Raises as `find` does."""
        clean = numbers.clean(number)
        if not tokens.is_token_of(self._vault, clean, token):
            return None
        row = self._connections.fetch_one(_OF_NUMBER, clean.encode())
        return None if row is None else Finding(*row[1:])
