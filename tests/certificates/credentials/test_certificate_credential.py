"""A certificate's credential says what was achieved and who answers for it, and not who holds it."""

import re
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

import orjson
import pytest

from services.certificates.credentials.canonical import canonical
from services.certificates.credentials.certificate_credential import achievement, certificate_credential, issuer
from services.certificates.standing.entries import credential_status
from services.certificates.standing.positions import Position

SALT = "8f1a16063b932c201e9b079a168a840f"
URL = "https://onex.example/certificates/260042F40ZR1ANEEBA66"
STATUS = credential_status("https://onex.example", Position(3, 77))[0]


def credential(
    level: int = 2, holder_name: str = "张三", issued_at: datetime = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
) -> dict[str, Any]:
    return certificate_credential(
        url=URL,
        issuer=issuer("did:web:onex.example:issuers:7", "某某教育科技有限公司"),
        achievement=achievement(
            url="https://onex.example/types/004/2",
            type_name="Web前端开发",
            type_serial="004",
            level=level,
            criteria="通过全部考核",
            version="2.0",
        ),
        holder_name=holder_name,
        salt=SALT,
        issued_at=issued_at,
        status=STATUS,
    )


def test_the_credential_is_an_open_badge_and_a_verifiable_credential() -> None:
    made = credential()
    assert made["@context"] == [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ]
    assert made["type"] == ["VerifiableCredential", "AchievementCredential", "OpenBadgeCredential"]
    assert made["id"] == URL
    assert made["credentialSubject"]["type"] == ["AchievementSubject"]
    # What Open Badges 3.0 requires of an achievement.
    assert {"id", "type", "name", "description", "criteria"} <= made["credentialSubject"]["achievement"].keys()
    assert made["credentialSubject"]["achievement"]["achievementType"] == "Certificate"


@pytest.mark.rule("PP-07")
def test_the_credential_names_the_organization_that_answers_for_it() -> None:
    assert credential()["issuer"] == {
        "id": "did:web:onex.example:issuers:7",
        "type": ["Profile"],
        "name": "某某教育科技有限公司",
    }


@pytest.mark.rule("PP-10")
@pytest.mark.parametrize(
    ("level", "words"), [(1, ["primary", "初级"]), (2, ["intermediate", "中级"]), (3, ["advanced", "高级"])]
)
def test_the_level_is_told_in_both_languages(level: int, words: list[str]) -> None:
    told = credential(level)["credentialSubject"]["achievement"]
    assert told["tag"] == words
    assert told["humanCode"] == f"004-{level}"
    (aligned,) = told["alignment"]
    assert aligned["targetCode"] == f"004-{level}"
    assert aligned["targetName"] == f"{words[1]} {words[0]}"
    assert all(word in told["name"] for word in words)


@pytest.mark.rule("PP-10")
@pytest.mark.parametrize("level", [0, 4, -1])
def test_there_are_three_levels(level: int) -> None:
    with pytest.raises(ValueError):
        credential(level)


def test_the_day_of_issue_is_the_day_in_beijing() -> None:
    assert credential()["validFrom"] == "2026-11-21T00:30:00+08:00"
    assert datetime.fromisoformat(credential()["validFrom"]).date() == date(2026, 11, 21)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError):
        credential(issued_at=datetime(2026, 11, 21))


@pytest.mark.parametrize("name", ["张三", "阿卜杜热依木·买买提", "Nguyễn Văn A"])
def test_no_name_is_in_the_credential(name: str) -> None:
    text = orjson.dumps(credential(holder_name=name)).decode()
    assert name not in text
    assert not re.search(r"\d{17}[\dX]", text.replace(SALT, "").replace(sha256((name + SALT).encode()).hexdigest(), ""))


def test_the_holder_is_an_identity_hash_of_open_badges() -> None:
    assert credential()["credentialSubject"]["identifier"] == [
        {
            "type": "IdentityObject",
            "hashed": True,
            "identityHash": "sha256$" + sha256(("张三" + SALT).encode()).hexdigest(),
            "identityType": "name",
            "salt": SALT,
        }
    ]


@pytest.mark.parametrize("name", ["", " ", "\u3000"])
def test_a_holder_has_a_name(name: str) -> None:
    with pytest.raises(ValueError):
        credential(holder_name=name)


def test_every_credential_has_a_canonical_form() -> None:
    assert orjson.loads(canonical(credential())) == credential()


def test_the_status_is_one_entry_as_open_badges_has_room_for_one_only() -> None:
    assert credential()["credentialStatus"] == STATUS
    assert STATUS["type"] == "BitstringStatusListEntry"
