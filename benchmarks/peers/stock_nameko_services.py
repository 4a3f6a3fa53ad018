"""Stock nameko as its documentation shows it: one event, ORM rows, one commit; default settings throughout.

Three services that do to one event what the product does to a batch. `python -m benchmarks.peers.stock_nameko_services
issuer` runs one of them; its settings come in BENCH_SETTINGS as JSON, which `stock_nameko.py` writes.
"""

import sys

if __name__ == "__main__":
    import eventlet

    eventlet.monkey_patch()

import json
import os
import signal
import uuid
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_select")  # as in the product: else a query holds all green threads

import orjson
import requests
from nameko.events import EventDispatcher, event_handler
from nameko.extensions import DependencyProvider
from nameko.runners import ServiceRunner
from sqlalchemy import ForeignKey, Text, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker
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

MAX_WORKERS = 10  # nameko's default
# Each worker keeps its connection, and an id is taken before the commit that would make the ORM read it again: both are
# what a nameko user learns in the first week, and both make this side faster.
SETTINGS: dict[str, Any] = json.loads(os.environ.get("BENCH_SETTINGS", "{}"))


class Base(DeclarativeBase):
    """The tables of credit and notices; certificates go into the product's own table, its indexes included."""


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


class Database(DependencyProvider):
    """A session a worker, as nameko's documentation and nameko-sqlalchemy have it."""

    def __init__(self, tables: list[Any]) -> None:
        self.tables = tables

    def setup(self) -> None:
        engine = create_engine(SETTINGS["database_urls"][self.container.service_name], pool_size=MAX_WORKERS)
        Certificate.metadata.create_all(engine, [table for table in self.tables if table in _OF_THE_PRODUCT])
        Base.metadata.create_all(engine, [table for table in self.tables if table not in _OF_THE_PRODUCT])
        self._make = sessionmaker(engine)
        self._open: dict[Any, Session] = {}

    def get_dependency(self, worker_ctx: Any) -> Session:
        self._open[worker_ctx] = self._make()
        return self._open[worker_ctx]

    def worker_teardown(self, worker_ctx: Any) -> None:
        self._open.pop(worker_ctx).close()


_OF_THE_PRODUCT = [Certificate.__table__]


class Desk(DependencyProvider):
    """What issuing needs to know, held in memory: the product reads it from its tables once a batch."""

    def setup(self) -> None:
        settings = Settings.for_service("certificates")
        url = settings.public_url
        issuers, kinds = {}, {}
        for teo in SETTINGS["teos"]:
            secret, did = keys.new_secret(), issuer_did(url, uuid.UUID(teo["id"]))
            signer = Signer(secret, f"{did}#{keys.public_multibase(keys.public_of(secret))}")
            issuers[teo["id"]] = (signer, credential.issuer(did, teo["name"]))
        for kind in SETTINGS["types"]:
            achievement = credential.achievement(
                url=achievement_url(url, kind["code"], kind["level"]),
                type_name=kind["name"],
                type_serial=kind["code"],
                level=LEVEL_DIGIT[kind["level"]],
                criteria=kind["criteria"],
                version=kind["version"],
            )
            kinds[kind["id"]] = (kind["code"], achievement)
        self._desk = SimpleNamespace(vault=Vault.of(settings), url=url, issuers=issuers, kinds=kinds, clocks=Clocks())

    def get_dependency(self, worker_ctx: Any) -> SimpleNamespace:
        return self._desk


class IssuerService:
    name = "certificates"

    session = Database([Certificate.__table__])
    desk = Desk()
    dispatch = EventDispatcher()

    @event_handler("assessment", "result_published")
    def on_result(self, one: dict[str, Any]) -> None:
        """One certificate: the same credential, signed by the same code, in the same columns."""
        desk, now = self.desk, clock.now()
        signer, profile = desk.issuers[one["teo_id"]]
        code, achievement = desk.kinds[one["certificate_type_id"]]
        published_at = datetime.fromisoformat(one["published_at"])
        issued_on = clock.beijing_day(published_at)
        number = numbers.draw(issued_on.year, code, LEVEL_DIGIT[one["level"]])
        name = desk.vault.open_person(one["sealed_person"])["name"]
        unsigned = credential.certificate_credential(
            url=credential_url(desk.url, number),
            issuer=profile,
            achievement=achievement,
            holder_name=name,
            salt=new_salt(),
            issued_at=published_at,
        )
        due_on, late = desk.clocks.judge(issued_on, clock.beijing_day(now))
        certificate_id = new_id()
        certificate = Certificate(
            id=certificate_id,
            number=number,
            result_id=uuid.UUID(one["result_id"]),
            learner_id=uuid.UUID(one["learner_id"]),
            name_index=name_index(desk.vault, name),
            sealed_name=seal_name(desk.vault, name),
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
        )
        self.session.add(certificate)
        self.session.commit()
        told = {key: one[key] for key in _PASSED_ON} | {
            "certificate_id": str(certificate_id),
            "number": number,
            "certificate_type_code": code,
            "issued_on": issued_on.isoformat(),
            "entered_at": now.isoformat(),
            "credential_url": credential_url(desk.url, number),
        }
        self.dispatch("certificate_issued", told)


_PASSED_ON = (
    "result_id", "learner_id", "certificate_type_id", "level", "standard_version", "teo_id", "college_id",
)  # fmt: skip


class CreditService:
    name = "creditbank"

    session = Database([Deposit.__table__, Entry.__table__])

    @event_handler("certificates", "certificate_issued")
    def on_certificate(self, one: dict[str, Any]) -> None:
        """One deposit with its two entries."""
        credit = SETTINGS["credit_hundredths"]
        deposit_id = new_id()
        deposit = Deposit(
            id=deposit_id,
            certificate_id=uuid.UUID(one["certificate_id"]),
            learner_id=uuid.UUID(one["learner_id"]),
            credit_hundredths=credit,
        )
        self.session.add(deposit)
        self.session.flush()
        issuance = f"issuance {one['certificate_type_id']}"
        self.session.add(Entry(id=new_id(), deposit_id=deposit_id, account=issuance, amount_hundredths=-credit))
        self.session.add(Entry(id=new_id(), deposit_id=deposit_id, account=one["learner_id"], amount_hundredths=credit))
        self.session.commit()


class NotifierService:
    name = "notifications"

    session = Database([Notice.__table__])

    @event_handler("certificates", "certificate_issued")
    def on_certificate(self, one: dict[str, Any]) -> None:
        """One notice, then one signed webhook."""
        now = datetime.now(UTC)
        body = json.dumps({"type": "certificate_issued", "timestamp": now.isoformat(), "data": one})
        notice_id = new_id()
        self.session.add(Notice(id=notice_id, subject_id=uuid.UUID(one["certificate_id"]), body=body))
        self.session.commit()
        headers = {
            "content-type": "application/json",
            "webhook-id": str(notice_id),
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(SETTINGS["webhook_secret"]).sign(str(notice_id), now, body),
        }
        requests.post(SETTINGS["webhook_url"], data=body.encode(), headers=headers, timeout=15).raise_for_status()


def main(service: str) -> None:
    """Run one service until SIGTERM."""
    runner = ServiceRunner({"AMQP_URI": SETTINGS["amqp_url"]})
    classes = {one.name: one for one in (IssuerService, CreditService, NotifierService)}
    runner.add_service(classes[service])
    signal.signal(signal.SIGTERM, lambda *_: eventlet.spawn_n(runner.stop))
    runner.start()
    runner.wait()


if __name__ == "__main__":
    main(sys.argv[1])
