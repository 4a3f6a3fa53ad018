"""A certificate is an Open Badges 3.0 AchievementCredential, by a schema written from its data model."""

import copy
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from services.certificates.credentials import keys
from services.certificates.credentials.certificate_credential import achievement, issuer
from services.certificates.credentials.mould import Mould
from services.certificates.credentials.signing import Signer
from services.certificates.standing.positions import Position

SCHEMA = json.loads((Path(__file__).parent / "open-badges-3.0.schema.json").read_text(encoding="utf-8"))
FORMATS = jsonschema.FormatChecker(formats=())
VALIDATOR = jsonschema.Draft201909Validator(SCHEMA, format_checker=FORMATS)
DID = "did:web:onex.example:certificates:v1:issuers:7"
NOW = datetime(2026, 3, 2, tzinfo=UTC)
SIGNER = Signer(bytes(32), f"{DID}#{keys.public_multibase(keys.public_of(bytes(32)))}")
EVIDENCE = [
    {"type": ["Evidence"], "name": "Paper certificate", "narrative": "Entered by the TEO from its own register."}
]


@FORMATS.checks("date-time", raises=ValueError)
def is_date_time(text: object) -> bool:
    return not isinstance(text, str) or ("T" in text and datetime.fromisoformat(text).tzinfo is not None)


@FORMATS.checks("uri")
def is_uri(text: object) -> bool:
    return not isinstance(text, str) or re.fullmatch(r"[a-z][a-z0-9+.-]*:[\x21-\x7e]+", text) is not None


def credential(level: int = 2, evidence: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    achieved = achievement(
        url=f"https://onex.example/registry/v1/certificate-types#004-{level}",
        type_name="Web前端开发 Web Front-end Development",
        type_serial="004",
        level=level,
        criteria="按2.0版职业技能等级标准考核合格。",
        version="2.0",
    )
    mould = Mould(
        SIGNER, issuer(DID, "某某教育科技有限公司"), achieved, public_url="https://onex.example", evidence=evidence
    )
    text = mould.credential(
        url="https://onex.example/certificates/v1/credentials/260042F40ZR1ANEEBA66",
        holder_name="张三",
        issued_at=NOW,
        created=NOW,
        status=Position(0, 5),
        license_number="110000-77" if evidence else None,
    )
    made: dict[str, Any] = json.loads(text)
    return made


def test_the_schema_is_one() -> None:
    VALIDATOR.check_schema(SCHEMA)


@pytest.mark.rule("PP-10")
@pytest.mark.parametrize("level", [1, 2, 3])
def test_a_certificate_of_every_level_is_an_achievement_credential(level: int) -> None:
    VALIDATOR.validate(credential(level))


def test_one_from_elsewhere_is_too() -> None:
    made = credential(evidence=EVIDENCE)
    assert made["evidence"] == EVIDENCE
    assert made["credentialSubject"]["licenseNumber"] == "110000-77"
    VALIDATOR.validate(made)


def test_it_still_is_with_a_second_proof() -> None:
    made = SIGNER.sign_statements(credential(), NOW)
    assert [one["cryptosuite"] for one in made["proof"]] == ["eddsa-jcs-2022", "eddsa-rdfc-2022"]
    VALIDATOR.validate(made)


def put(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        *way, last = path.split(".")
        place: Any = document
        for step in way:
            place = place[int(step) if isinstance(place, list) else step]
        place[last] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        put("@context", ["https://www.w3.org/ns/credentials/v2"]),
        put("type", ["VerifiableCredential"]),
        put("id", None),
        put("validFrom", "2026-03-02"),
        put("issuer.type", "Profile"),
        put("credentialStatus", [{"id": "urn:1", "type": "A"}, {"id": "urn:2", "type": "B"}]),
        put("credentialSubject.identifier", []),
        put("credentialSubject.identifier.0.identityType", "person"),
        put("credentialSubject.identifier.0.name", "张三"),
        put("credentialSubject.achievement.achievementType", "Paper"),
        put("credentialSubject.achievement.criteria", "Passed"),
        put("credentialSubject.achievement.alignment.0.targetName", 1),
    ],
)
def test_the_schema_tells_what_is_not(change: Callable[[dict[str, Any]], None]) -> None:
    wrong = copy.deepcopy(credential())
    change(wrong)
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(wrong)
