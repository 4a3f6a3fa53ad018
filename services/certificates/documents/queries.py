"""Reads for documents: what a certificate's face needs to know, and the files that prove it."""

import uuid
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, undefer

from onex.chassis.pii import Vault
from services.certificates.credentials.addresses import inquiry_url
from services.certificates.documents.face import Attached, Face, face
from services.certificates.elsewhere.models import College
from services.certificates.inquiry import tokens
from services.certificates.issuing.models import Certificate
from services.certificates.log import queries as log
from services.certificates.log.models import LogHead
from services.certificates.pilot.models import CertificateType, Teo

_NAME = "certificate name"  # as issuing/names.py seals it


class Ready(NamedTuple):
    """All that a press needs for one certificate."""

    certificate: Certificate
    face: Face
    attached: dict[str, Attached]


def ready(session: Session, vault: Vault, public_url: str, certificate_ids: Iterable[uuid.UUID]) -> Iterator[Ready]:
    """What the documents of these certificates need, in the order of their numbers."""
    successor = aliased(Certificate)
    rows = session.execute(
        select(Certificate, CertificateType, Teo, College, successor.number)
        .join(CertificateType, CertificateType.id == Certificate.certificate_type_id)
        .join(Teo, Teo.id == Certificate.teo_id)
        .outerjoin(College, College.id == Certificate.college_id)
        .outerjoin(successor, successor.replaces == Certificate.id)
        .where(Certificate.id.in_(list(certificate_ids)))
        .order_by(Certificate.number)
        .options(undefer(Certificate.credential))
    ).all()
    for certificate, kind, teo, college, successor_number in rows:
        shown = face(
            certificate,
            kind,
            teo,
            college,
            name=name_of(vault, certificate),
            address=inquiry_url(public_url, certificate.number),
            scanned=tokens.address(public_url, vault, certificate.number),
            successor=successor_number,
        )
        yield Ready(certificate, shown, _attached(session, certificate))


def name_of(vault: Vault, certificate: Certificate) -> str:
    """The holder's name, opened: a document shows all of it."""
    return vault.open(certificate.sealed_name, _NAME).decode()


def _attached(session: Session, certificate: Certificate) -> dict[str, Attached]:
    """The credential as it was signed, and the proof that its issue is in the log, as soon as it is."""
    files = {
        f"{certificate.number}.vc.json": Attached(
            certificate.credential, "application/vc", "可验证凭证 Verifiable credential, signed by the issuer", "source"
        )
    }
    if proof := _proof(session, certificate.id):
        files[f"{certificate.number}.tlog-proof"] = Attached(
            proof, "text/plain", "签发日志存在证明 Proof that the issue is in the transparency log", "supplement"
        )
    return files


def _proof(session: Session, certificate_id: uuid.UUID) -> str | None:
    """The proof under the first head that covers the issue: the same for ever, however long the log becomes."""
    entries = log.entries_of(session, certificate_id)
    if not entries:
        return None
    first = select(LogHead).where(LogHead.size > entries[0].index).order_by(LogHead.size).limit(1)
    head = session.scalars(first).first()
    return log.proof(session, entries[0], head).text if head else None
