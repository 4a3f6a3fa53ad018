"""What is the same for all certificates of one TEO, type, level and standard: who signs, and what is certified."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import select

from onex.chassis.database import UnitOfWork
from onex.chassis.pii import Vault
from onex.chassis.problems import NotYetKnown
from services.certificates.credentials import certificate_credential as credential
from services.certificates.credentials.actions import hold_keys, signer_of
from services.certificates.credentials.addresses import achievement_url, issuer_did
from services.certificates.credentials.models import IssuerKey
from services.certificates.credentials.mould import Mould
from services.certificates.credentials.signing import Signer
from services.certificates.elsewhere.evidence import ENTERED
from services.certificates.issuing import exits, rules
from services.certificates.pilot.models import CertificateType, Teo

ELSEWHERE = "elsewhere"
"""The source of a certificate that its TEO issued on its own and enters here."""


class Achieved(Protocol):
    """What has to be known of anything that is certified: a published result, a certificate issued elsewhere."""

    @property
    def certificate_type_id(self) -> uuid.UUID: ...
    @property
    def level(self) -> str: ...
    @property
    def standard_version(self) -> str: ...
    @property
    def teo_id(self) -> uuid.UUID: ...
    @property
    def published_at(self) -> datetime: ...


class Certified(Achieved, Protocol):
    """What has to be known besides, once a certificate is made of it."""

    @property
    def source(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Issuer:
    """A TEO with its key, as its certificates name it (PP-07)."""

    signer: Signer
    profile: dict[str, Any]


class Issuers:
    """Everything a batch of passes needs to know, read in three queries."""

    def __init__(self, session: UnitOfWork, vault: Vault, public_url: str, passes: Iterable[Achieved]) -> None:
        """Raises NotYetKnown when a TEO's key, a type or its level has not been heard of yet.

        Of passes that earn nothing, as their TEO had left, nothing needs to be known.
        """
        self._public_url = public_url
        self._moulds: dict[tuple[uuid.UUID, uuid.UUID, str, str, str], Mould] = {}
        # A batch has many passes, of few kinds.
        kinds: dict[tuple[uuid.UUID, uuid.UUID, str], list[Achieved]] = defaultdict(list)
        for one in passes:
            kinds[one.teo_id, one.certificate_type_id, one.level].append(one)
        teo_ids = {teo_id for teo_id, _, _ in kinds}
        self._types = self._read_types(session, {type_id for _, type_id, _ in kinds})
        self._issuers = self._read_issuers(session, vault, teo_ids)
        self.exits = exits.exited_at(session, teo_ids)  # after the keys: see exits.py
        for of_kind in kinds.values():
            if not all(map(self.comes_after_exit, of_kind)):
                self._check_known(of_kind[0])

    def comes_after_exit(self, one: Achieved) -> bool:
        """OP-41: whether this pass was published from its TEO's exit on."""
        return rules.comes_after_exit(one.published_at, self.exits.get(one.teo_id))

    def type_of(self, one: Achieved) -> CertificateType:
        return self._types[one.certificate_type_id]

    def mould(self, one: Certified) -> Mould:
        """What makes the credential of this certificate; shared by all of the same TEO, type, level, standard and source."""
        key = (one.teo_id, one.certificate_type_id, one.level, one.standard_version, one.source)
        if key not in self._moulds:
            issuer = self._issuers[one.teo_id]
            self._moulds[key] = Mould(
                issuer.signer,
                issuer.profile,
                self._achievement(one),
                public_url=self._public_url,
                evidence=ENTERED if one.source == ELSEWHERE else None,
            )
        return self._moulds[key]

    def _achievement(self, one: Achieved) -> dict[str, Any]:
        kind = self.type_of(one)
        return credential.achievement(
            url=achievement_url(self._public_url, kind.code, one.level),
            type_name=f"{kind.name_zh} {kind.name_en}",
            type_serial=kind.code,
            level=rules.LEVEL_DIGIT[one.level],
            criteria=(
                f"按{one.standard_version}版职业技能等级标准考核合格。"
                f" Passed the assessment by version {one.standard_version} of the vocational skill level standard."
            ),
            version=one.standard_version,
        )

    def _read_types(self, session: UnitOfWork, type_ids: set[uuid.UUID]) -> dict[uuid.UUID, CertificateType]:
        found = session.scalars(select(CertificateType).where(CertificateType.id.in_(type_ids)))
        return {kind.id: kind for kind in found}

    def _read_issuers(self, session: UnitOfWork, vault: Vault, teo_ids: set[uuid.UUID]) -> dict[uuid.UUID, Issuer]:
        # A key that is to retire at this moment waits until what it signs here is committed; so does word of an exit or of an
        # annulment, which asks for the rows FOR UPDATE (exits.py).
        hold_keys(session)
        rows = session.execute(
            select(IssuerKey, Teo)
            .join(Teo, Teo.id == IssuerKey.teo_id)
            .where(IssuerKey.teo_id.in_(teo_ids), IssuerKey.retired_at.is_(None))
            .order_by(IssuerKey.id)
            .with_for_update(read=True, of=IssuerKey)
        )
        issuers = {}
        for key, teo in rows:
            did = issuer_did(self._public_url, teo.id)
            profile = credential.issuer(did, f"{teo.name_zh} {teo.name_en}")
            issuers[teo.id] = Issuer(signer_of(vault, key, did), profile)
        return issuers

    def _check_known(self, one: Achieved) -> None:
        if one.teo_id not in self._issuers:
            raise NotYetKnown(f"the key of TEO {one.teo_id}")
        kind = self._types.get(one.certificate_type_id)
        if kind is None or one.level not in kind.levels:
            raise NotYetKnown(f"the level {one.level} of certificate type {one.certificate_type_id}")
        rules.check_issuer(kind.teo_id, one.teo_id)
