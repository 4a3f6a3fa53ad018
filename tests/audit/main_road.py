"""The main job without its processes: five services on their real databases, and this file carries events between them."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text

from onex.chassis import clock
from onex.chassis.access import Role
from onex.contracts.catalogue import CONTRACTS
from onex.demo.rosters import make_roster
from onex.messaging.consumer import contracts_of
from onex.messaging.heard import Heard
from services.registry.fees.models import FeeAgreement
from services.registry.organizations.models import Quota
from tests.assessment.world import World as Assessment
from tests.assessment.world import fee, quota
from tests.harness.service import Service, json_of
from tests.registry.world import World as Registry

NAMES = ("registry", "assessment", "certificates", "creditbank", "notifications")
CREDIT_HUNDREDTHS = 250


@dataclass
class MainRoad:
    """Candidates who all passed have their certificates, deposits and notices; a partner has subscribed."""

    services: dict[str, Service]
    candidates: int = 8
    subscription_id: str = ""
    ids: dict[str, Any] = field(default_factory=dict)

    @property
    def urls(self) -> dict[str, str]:
        return {name: service.settings.database_url for name, service in self.services.items()}

    def travel(self) -> None:
        """Take the whole road."""
        self.found()
        self.propose()
        self.subscribe()
        self.assess()
        self.deliver("assessment")
        self.deliver("certificates")
        self.deliver("creditbank")
        self.send_webhooks()

    def found(self) -> None:
        registry = Registry(self.services["registry"])
        registry.admit(registry.province()["id"])
        teo, college = registry.admitted_teo(), registry.admitted_college()
        kind = registry.published_type(teo["id"])
        site = registry.declared_site(college["id"], kind["id"])
        registry.settle_as_teo(site["id"], teo["id"])
        registry.settle_as_province(site["id"])
        registry.file(site["id"])
        self.ids = {"teo": uuid.UUID(teo["id"]), "type": uuid.UUID(kind["id"]), "site": site["id"], "college": college}
        self.deliver("registry")
        self.agree(uuid.UUID(college["id"]))

    def agree(self, college_id: uuid.UUID) -> None:
        """A quota and a fee for the year in which these tests assess; the doors take them for this year and the next."""
        filed = quota(college_id, self.ids["type"], "primary")
        agreed = fee(self.ids["teo"], college_id, self.ids["type"], "primary")
        self.services["assessment"].hear(filed)
        self.services["assessment"].hear(agreed)
        now = clock.now()
        case = {
            "college_id": college_id,
            "certificate_type_id": self.ids["type"],
            "level": "primary",
            "teo_id": self.ids["teo"],
        }
        with self.services["registry"].database.transaction() as session:
            session.add(
                Quota(
                    id=filed.quota_id, year=filed.year, seats=filed.seats, version=1, province_code="11", filed_by="test",
                    filed_at=now, **case,
                )
            )  # fmt: skip
            session.add(
                FeeAgreement(
                    id=agreed.fee_agreement_id, province_code="11", amount_fen=agreed.amount_fen, state="agreed",
                    in_force_from=agreed.in_force_from, in_force_to=agreed.in_force_to,
                    agreed_to=agreed.in_force_to, agreed_at=now,
                    proposed_by_side="teo", proposed_by="test",
                    **{f"{side}_consented_at": now for side in ("teo", "province", "college")}, **case,
                )
            )  # fmt: skip

    def propose(self) -> None:
        body = {
            "certificate_type_id": str(self.ids["type"]),
            "level": "primary",
            "standard_version": "1.0",
            "credit_hundredths": CREDIT_HUNDREDTHS,
            "hours": 64,
            "rationale": "As in comparable courses.",
        }
        bank, path = self.services["creditbank"], "/creditbank/v1/proposals"
        made = json_of(bank.call("POST", path, role=Role.TEO, organization_id=self.ids["teo"], json=body, expect=201))
        bank.call("POST", f"{path}/{made['id']}/approval", role=Role.MINISTRY, expect=200)

    def subscribe(self) -> None:
        body = {"url": "https://partner.example/hook", "events": ["certificate_issued", "certificate_standing_changed"]}
        made = json_of(
            self.services["notifications"].call(
                "POST", "/notifications/v1/subscriptions", role=Role.PARTNER, json=body, expect=201
            )
        )
        self.subscription_id = made["id"]
        self.sql("notifications", "UPDATE subscription SET told_since = told_since - interval '1 day'")

    def assess(self) -> None:
        pilot = Assessment(self.services["assessment"], teo=self.ids["teo"], type_id=self.ids["type"])
        plan = pilot.published(level="primary")
        pilot.call("POST", "/sittings", json=pilot.new_sitting(plan, site_id=self.ids["site"]), expect=201)
        roster = make_roster(
            self.candidates,
            seed=1,
            colleges=(self.ids["college"]["code"],),
            sites=("BJ-001",),
            levels=("primary",),
            bad_share=0,
        )
        job = pilot.send(f"/plans/{plan}/rosters", roster.data, roster.filename)
        assert job["accepted"] == self.candidates, pilot.refusals(job)
        numbers = [row.number for row in pilot.rows("SELECT number FROM registration ORDER BY number")]
        lines = ["报名号,理论知识,操作技能", *(f"{number},80,90" for number in numbers)]
        pilot.send(f"/plans/{plan}/results", ("\n".join(lines) + "\n").encode())
        pilot.call("POST", f"/plans/{plan}/results/publication", expect=202)
        pilot.service.run_jobs()

    def deliver(self, sender: str) -> None:
        """What the relay and the broker do: everything said reaches everyone who hears it, and leaves the outbox."""
        for heard in self.take_out(sender):
            for service in self.services.values():
                if type(heard.event) in contracts_of(service.worker_class):
                    service.hear(heard)
        self.sql("notifications", "DELETE FROM outbox WHERE lane = 'partners'")

    def take_out(self, sender: str) -> list[Heard[Any]]:
        by_type = {contract.type(): contract for contract in CONTRACTS}
        rows = self.sql(sender, "DELETE FROM outbox WHERE lane = 'platform' RETURNING *")
        return [
            Heard(row.id, by_type[row.type].decode(bytes(row.body)), row.occurred_at, row.traceparent)
            for row in sorted(rows, key=lambda row: row.id)
        ]

    def send_webhooks(self) -> None:
        self.sql("notifications", "UPDATE delivery SET state = 'delivered', delivered_at = now()")

    def sql(self, service: str, statement: str, **values: Any) -> list[Any]:
        """Run a statement in a service's database, past its doors."""
        with self.services[service].database.transaction() as session:
            result = session.execute(text(statement), values)
            return list(result) if result.returns_rows else []

    def tamper(self, service: str, table: str, statement: str, **values: Any) -> None:
        """Change a table that protects itself by triggers, as its owner can."""
        with self.services[service].database.transaction() as session:
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            session.execute(text(statement), values)
            session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))


def main_road(service: Callable[[str], Service]) -> MainRoad:
    road = MainRoad({name: service(name) for name in NAMES})
    road.travel()
    return road
