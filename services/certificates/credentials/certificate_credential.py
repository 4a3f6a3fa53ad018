"""What a certificate says when it is a W3C Verifiable Credential 2.0: an Open Badges 3.0 achievement credential.

It holds no personal name and no identity number: the holder is a salted hash (`holder.py`). Every term used is one that
the two contexts define, so the document means the same to a reader of plain JSON and to one of linked data.
"""

from datetime import datetime, timedelta, timezone
from typing import Any

from services.certificates.credentials.holder import identity

CONTEXTS = ("https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json")
TYPES = ("VerifiableCredential", "AchievementCredential", "OpenBadgeCredential")
"""The second and the third are two names of one type; there are readers that know only the one or the other."""
FRAMEWORK = "1+X 职业技能等级 vocational skill levels"

# PP-10, in the words of the certificates themselves.
LEVEL_NAMES = {1: ("primary", "初级"), 2: ("intermediate", "中级"), 3: ("advanced", "高级")}

_BEIJING = timezone(timedelta(hours=8))


def issuer(did: str, name: str) -> dict[str, Any]:
    """The TEO that answers for the certificate (PP-07): its `did:web:…` and its registered name."""
    return {"id": did, "type": ["Profile"], "name": name}


def achievement(
    *, url: str, type_name: str, type_serial: str, level: int, criteria: str, version: str | None = None
) -> dict[str, Any]:
    """What was achieved: a certificate type at a level (1, 2, 3: PP-10), the same for all who achieve it.

    `url` is where the type's level is described, `criteria` says in words what had to be done, `version` is that of the
    standard. Open Badges has no term for a level, so it is what the achievement is aligned with, and stands in `humanCode`
    ("004-2"), `tag` and `name`. Raises ValueError for another level.
    """
    if level not in LEVEL_NAMES:
        raise ValueError(f"a level is 1, 2 or 3, not {level!r}")
    english, chinese = LEVEL_NAMES[level]
    name = f"{type_name}（{chinese} {english}）"
    members: dict[str, Any] = {
        "id": url,
        "type": ["Achievement"],
        "achievementType": "Certificate",
        "alignment": [
            {
                "type": ["Alignment"],
                "targetFramework": FRAMEWORK,
                "targetName": f"{chinese} {english}",
                "targetCode": f"{type_serial}-{level}",
                "targetUrl": url,
            }
        ],
        "name": name,
        "description": f"1+X 职业技能等级证书 vocational skill level certificate: {name}",
        "criteria": {"narrative": criteria},
        "humanCode": f"{type_serial}-{level}",
        "tag": [english, chinese],
    }
    return members | {"version": version} if version is not None else members


def certificate_credential(
    *,
    url: str,
    issuer: dict[str, Any],
    achievement: dict[str, Any],
    holder_name: str,
    salt: str,
    issued_at: datetime,
    status: dict[str, Any],
    license_number: str | None = None,
    evidence: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """The unsigned credential of one certificate.

    `url` is the certificate's public address; `issuer` and `achievement` come from the functions above and are shared,
    not copied; `issued_at` is aware and is written in Beijing time to the second, so that its day is the day of issue;
    `status` is the one entry of the status lists that Open Badges has room for (standing/entries.py); `license_number` is
    that of the paper, where the certificate was issued elsewhere, and `evidence` says so (Open Badges, `Evidence`).
    Raises ValueError for a time without zone, an empty name or an empty salt.
    """
    subject: dict[str, Any] = {
        "type": ["AchievementSubject"],
        "identifier": [identity(holder_name, salt)],
        "achievement": achievement,
    }
    if license_number is not None:
        subject["licenseNumber"] = license_number
    members = {
        "@context": list(CONTEXTS),
        "id": url,
        "type": list(TYPES),
        "name": achievement["name"],
        "issuer": issuer,
        "validFrom": valid_from(issued_at),
        "credentialSubject": subject,
        "credentialStatus": status,
    }
    return members | {"evidence": evidence} if evidence else members


def valid_from(issued_at: datetime) -> str:
    """`issued_at` in Beijing time, to the second. Raises ValueError for a time without zone."""
    if issued_at.tzinfo is None:
        raise ValueError("issued_at has no time zone")
    return issued_at.astimezone(_BEIJING).isoformat(timespec="seconds")
