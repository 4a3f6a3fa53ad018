"""A certificate, and people who change its standing."""

import uuid
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from onex.chassis.access import Role
from onex.contracts.assessment import ResultAnnulled, ResultPublished
from services.certificates.credentials import signing
from services.certificates.standing import bitstring
from tests.certificates.given import Pilot
from tests.harness.service import json_of

V1 = "/certificates/v1"
NOTE = "学员王五举报"
REASON = {
    "suspend": "under_investigation",
    "reinstate": "cleared",
    "revoke": "obtained_by_fraud",
    "replace": "corrected",
}


def annulled(result: ResultPublished, **changes: Any) -> ResultAnnulled:
    """The result is annulled."""
    said: dict[str, Any] = {
        name: getattr(result, name)
        for name in ("result_id", "learner_id", "certificate_type_id", "level", "teo_id", "college_id", "passed")
    }
    said |= {"ground": "cheating", "annulled_at": datetime(2026, 3, 9, tzinfo=UTC)}
    return ResultAnnulled(**(said | changes))


class Office:
    """A certificates service with people of the TEO, of another TEO, of the operator and of the Ministry."""

    def __init__(self, pilot: Pilot) -> None:
        self.pilot, self.service = pilot, pilot.certificates
        self._callers = {
            "teo": (Role.TEO, pilot.teo_id),
            "teo_second": (Role.TEO, pilot.teo_id),
            "other_teo": (Role.TEO, uuid.uuid4()),
            "college": (Role.COLLEGE, pilot.college_id),
            "other_college": (Role.COLLEGE, uuid.uuid4()),
            "operator": (Role.OPERATOR, None),
            "operator_second": (Role.OPERATOR, None),
            "ministry": (Role.MINISTRY, None),
        }

    def call(self, who: str, method: str, path: str, **options: Any) -> TestResponse:
        role, organization_id = self._callers[who]
        options |= {"role": role, "organization_id": organization_id, "client_id": f"person-{who}"}
        return self.service.call(method, V1 + path, **options)

    def certificate(self, name: str = "张三", **changes: Any) -> str:
        """The number of a certificate, just issued."""
        result = self.pilot.result(name, **changes)
        self.service.hear(result)
        return str(self.row("result_id = :it AND replaces IS NULL", it=result.result_id)["number"])

    def row(self, where: str, **values: Any) -> dict[str, Any]:
        with self.service.database.session() as session:
            found = session.execute(text(f"SELECT * FROM certificate WHERE {where}"), values).mappings().one()
            return dict(found)

    def rows(self, query: str, **values: Any) -> list[Any]:
        with self.service.database.session() as session:
            return list(session.execute(text(query), values).all())

    def propose(self, kind: str, number: str, who: str = "teo", *, expect: int | None = 201, **body: Any) -> Any:
        """The proposal, or the problem."""
        sent = {"kind": kind, "reason": REASON[kind], "note": NOTE} | body
        answer = self.call(who, "POST", f"/certificates/{number}/standing-proposals", json=sent, expect=expect)
        return json_of(answer)

    def decide(self, proposal: Any, verb: str = "approval", who: str = "teo_second", *, expect: int = 200) -> Any:
        path = f"/standing-proposals/{proposal['id']}/{verb}"
        return json_of(self.call(who, "POST", path, json={}, expect=expect))

    def change(self, kind: str, number: str, **body: Any) -> Any:
        """Proposed by one, approved by another."""
        return self.decide(self.propose(kind, number, **body))

    def history(self, number: str, who: str = "teo") -> Any:
        return json_of(self.call(who, "GET", f"/certificates/{number}/standing", expect=200))

    def list_of(self, which: int, purpose: str) -> Any:
        """A status list, as anyone gets it, with its proof verified."""
        document = json_of(self.service.call("GET", f"{V1}/status-lists/{which}/{purpose}", expect=200))
        keys = json_of(self.service.call("GET", f"{V1}/issuers/platform/did.json", expect=200))
        assert document["issuer"] == keys["id"]
        methods = {one["id"]: one["publicKeyMultibase"] for one in keys["verificationMethod"]}
        signing.verify(document, methods[signing.verification_method(document)])
        return document

    def bits(self, number: str) -> dict[str, bool]:
        """The certificate's bits, as anyone reads them from its credential on."""
        credential = orjson.loads(self.row("number = :it", it=number)["credential"])
        entry = credential["credentialStatus"]
        found = {}
        for url in (entry["statusListCredential"], entry["statusReference"]):
            *_, which, purpose = url.split("/")
            document = self.list_of(int(which), purpose)
            assert document["id"] == url
            assert document["credentialSubject"]["statusPurpose"] == purpose
            bits = bitstring.decoded(document["credentialSubject"]["encodedList"])
            found[purpose] = bitstring.is_set(bits, int(entry["statusListIndex"]))
        return found


@pytest.fixture
def office(pilot: Pilot) -> Office:
    return Office(pilot)
