"""What a part does to one event, the same in every stock peer: ORM rows of one event, for one commit.

`settings()` reads what the peer was told. Certificates go into the product's own table, its indexes included.
"""

import functools
import json
import os
import uuid
from datetime import UTC, datetime
from typing import Any

import orjson
import requests
from sqlalchemy import Engine, ForeignKey, Text, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from standardwebhooks.webhooks import Webhook

from onex.chassis import clock
from onex.chassis.ids import new_id
from onex.chassis.pii import Vault, mask_name
from onex.chassis.settings import Settings
from services.certificates.credentials import certificate_credential as credential
from services.certificates.credentials import keys
from services.certificates.credentials.addresses import achievement_url, credential_url, issuer_did
from services.certificates.credentials.holder import new_salt
from services.certificates.credentials.signing import Signer
from services.certificates.deadlines.clocks import Clocks
from services.certificates.issuing import numbers
from services.certificates.issuing.models import Certificate
from services.certificates.issuing.names import name_index, seal_name
from services.certificates.issuing.rules import LEVEL_DIGIT
from services.certificates.log.models import LogPending
from services.certificates.standing.entries import credential_status
from services.certificates.standing.models import STATUS_POSITION
from services.certificates.standing.positions import position


class Base(DeclarativeBase):
    """The tables of credit, notices and arrivals."""


class Deposit(Base):
    __tablename__ = "deposit"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    certificate_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    learner_id: Mapped[uuid.UUID] = mapped_column(index=True)
    credit_hundredths: Mapped[int]


class Entry(Base):
    __tablename__ = "entry"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    deposit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("deposit.id"), index=True)
    account: Mapped[str] = mapped_column(Text)
    amount_hundredths: Mapped[int]


class Notice(Base):
    __tablename__ = "notice"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    subject_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    body: Mapped[str] = mapped_column(Text)


class Arrival(Base):
    """The bus measure's row: an event came."""

    __tablename__ = "arrival"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    certificate_id: Mapped[uuid.UUID]
    body: Mapped[str] = mapped_column(Text)


NEXT_PLACE = select(STATUS_POSITION.next_value())
TABLES: dict[str, list[Any]] = {
    "issuer": [Certificate.__table__, LogPending.__table__],
    "credit": [Deposit.__table__, Entry.__table__],
    "notices": [Notice.__table__],
    "rows": [Arrival.__table__],
}


@functools.cache
def settings() -> dict[str, Any]:
    """What `peer.py` wrote."""
    told: dict[str, Any] = json.loads(os.environ["BENCH_SETTINGS"])
    return told


def database_url(part: str) -> str:
    """As SQLAlchemy reads it."""
    return str(settings()["database_urls"][part]).replace("://", "+psycopg://", 1)


def create_tables(engine: Engine, part: str) -> None:
    metadata = Certificate.metadata if part == "issuer" else Base.metadata
    metadata.create_all(engine, TABLES[part])


class Desk:
    """What issuing needs to know, held in memory: the product reads it from its tables once a batch."""

    def __init__(self) -> None:
        own = Settings.for_service("certificates")
        self.vault, self.url, self.clocks = Vault.of(own), own.public_url, Clocks()
        self.issuers: dict[str, tuple[Signer, dict[str, Any]]] = {}
        self.kinds: dict[str, tuple[str, dict[str, Any]]] = {}
        for teo in settings()["teos"]:
            secret, did = keys.new_secret(), issuer_did(self.url, uuid.UUID(teo["id"]))
            signer = Signer(secret, f"{did}#{keys.public_multibase(keys.public_of(secret))}")
            self.issuers[teo["id"]] = (signer, credential.issuer(did, teo["name"]))
        for kind in settings()["types"]:
            self.kinds[kind["id"]] = (kind["code"], achievement_of(kind, self.url))

    def issue(self, one: dict[str, Any], place: int) -> tuple[Certificate, dict[str, Any]]:
        """A published pass as the certificate's row, with the same credential, and what is said of it.

        `place` is from NEXT_PLACE: the certificate's in the status lists.
        """
        now = clock.now()
        signer, profile = self.issuers[one["teo_id"]]
        code, achievement = self.kinds[one["certificate_type_id"]]
        published_at = datetime.fromisoformat(one["published_at"])
        issued_on = clock.beijing_day(published_at)
        number = numbers.draw(issued_on.year, code, LEVEL_DIGIT[one["level"]])
        name, bit = self.vault.open_person(one["sealed_person"])["name"], position(self.vault, place)
        unsigned = credential.certificate_credential(
            url=credential_url(self.url, number),
            issuer=profile,
            achievement=achievement,
            holder_name=name,
            salt=new_salt(),
            issued_at=published_at,
            status=credential_status(self.url, bit)[0],
        )
        due_on, late = self.clocks.judge(issued_on, clock.beijing_day(now))
        certificate_id = new_id()
        certificate = Certificate(
            id=certificate_id,
            number=number,
            result_id=uuid.UUID(one["result_id"]),
            learner_id=uuid.UUID(one["learner_id"]),
            name_index=name_index(self.vault, name),
            sealed_name=seal_name(self.vault, name),
            masked_name=mask_name(name),
            certificate_type_id=uuid.UUID(one["certificate_type_id"]),
            type_code=code,
            level=one["level"],
            standard_version=one["standard_version"],
            teo_id=uuid.UUID(one["teo_id"]),
            college_id=uuid.UUID(one["college_id"]),
            issued_on=issued_on,
            entered_at=now,
            entry_due_on=due_on,
            entered_late=late,
            credential=orjson.dumps(signer.sign(unsigned, now)).decode(),
            published_at=published_at,
            status_list=bit.list,
            status_index=bit.index,
            sitting_id=uuid.UUID(one["sitting_id"]),
        )
        told = {key: one[key] for key in PASSED_ON} | {
            "certificate_id": str(certificate_id),
            "number": number,
            "certificate_type_code": code,
            "issued_on": issued_on.isoformat(),
            "entered_at": now.isoformat(),
            "credential_url": credential_url(self.url, number),
        }
        return certificate, told


PASSED_ON = (
    "result_id", "learner_id", "certificate_type_id", "level", "standard_version", "teo_id", "college_id",
)  # fmt: skip


def achievement_of(kind: dict[str, Any], url: str) -> dict[str, Any]:
    """What was achieved, of a type as `Peer.settings` tells it."""
    return credential.achievement(
        url=achievement_url(url, kind["code"], kind["level"]),
        type_name=kind["name"],
        type_serial=kind["code"],
        level=LEVEL_DIGIT[kind["level"]],
        criteria=kind["criteria"],
        version=kind["version"],
    )


def deposit_of(one: dict[str, Any]) -> tuple[Deposit, Entry, Entry]:
    """A certificate's deposit and its two entries; the deposit has to be flushed first."""
    credit, deposit_id = settings()["credit_hundredths"], new_id()
    deposit = Deposit(
        id=deposit_id,
        certificate_id=uuid.UUID(one["certificate_id"]),
        learner_id=uuid.UUID(one["learner_id"]),
        credit_hundredths=credit,
    )
    issuance = f"issuance {one['certificate_type_id']}"
    given = Entry(id=new_id(), deposit_id=deposit_id, account=issuance, amount_hundredths=-credit)
    taken = Entry(id=new_id(), deposit_id=deposit_id, account=one["learner_id"], amount_hundredths=credit)
    return deposit, given, taken


def notice_of(one: dict[str, Any]) -> Notice:
    """A certificate's notice."""
    now = datetime.now(UTC)
    body = json.dumps({"type": "certificate_issued", "timestamp": now.isoformat(), "data": one})
    return Notice(id=new_id(), subject_id=uuid.UUID(one["certificate_id"]), body=body)


def arrival_of(one: dict[str, Any]) -> Arrival:
    return Arrival(id=new_id(), certificate_id=uuid.UUID(one["certificate_id"]), body=json.dumps(one))


def post(notice_id: uuid.UUID, body: str) -> None:
    """The notice as a signed webhook; raises what requests raises. Nothing where nobody wants webhooks."""
    if not settings()["webhook_url"]:
        return
    now = datetime.now(UTC)
    headers = {
        "content-type": "application/json",
        "webhook-id": str(notice_id),
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(settings()["webhook_secret"]).sign(str(notice_id), now, body),
    }
    requests.post(settings()["webhook_url"], data=body.encode(), headers=headers, timeout=15).raise_for_status()
