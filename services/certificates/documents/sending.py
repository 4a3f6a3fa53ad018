"""The files of a bundle, read a few at a time while they are sent."""

import re
import uuid
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import undefer

from onex.chassis.database import Database
from onex.chassis.pii import Vault
from onex.chassis.web.exporting import csv_pieces
from services.certificates.documents.archive import Entry
from services.certificates.documents.bundles import SEALED_AS
from services.certificates.documents.models import BundledDocument
from services.certificates.documents.queries import name_of
from services.certificates.inquiry.wording import LEVELS, state_of
from services.certificates.issuing import numbers
from services.certificates.issuing.models import Certificate

HEADING = ("number", "name", "level", "issued_on", "state", "file")
_READ_AT_ONCE = 20
_NOT_IN_FILE_NAMES = re.compile(r'[\x00-\x1f\x7f\\/:*?"<>|]')
_LONGEST_NAME = 60


def entries(database: Database, vault: Vault, bundle_id: uuid.UUID) -> Iterator[Entry]:
    """The files of a bundle: the documents, and a list of them and of what got none."""
    listed: list[dict[str, object]] = []
    newest, at = None, 0
    while rows := _some(database, bundle_id, at):
        at = rows[-1][0].position
        for document, certificate in rows:
            name = name_of(vault, certificate)
            file = f"{numbers.grouped(certificate.number)} {_in_file_name(name)}.pdf" if document.sealed_pdf else ""
            listed.append(_listed(certificate, name, file))
            newest = max(newest or certificate.issued_on, certificate.issued_on)
            if document.sealed_pdf:
                yield Entry(file, certificate.issued_on, vault.open(document.sealed_pdf, SEALED_AS))
    if newest:
        yield Entry("certificates.csv", newest, b"".join(csv_pieces(HEADING, [listed])))


def _some(database: Database, bundle_id: uuid.UUID, after: int) -> list[tuple[BundledDocument, Certificate]]:
    # A transaction each: a slow reader holds none open.
    with database.session() as session:
        found = (
            select(BundledDocument, Certificate)
            .join(Certificate, Certificate.id == BundledDocument.certificate_id)
            .where(BundledDocument.bundle_id == bundle_id, BundledDocument.position > after)
            .order_by(BundledDocument.position)
            .limit(_READ_AT_ONCE)
            .options(undefer(BundledDocument.sealed_pdf))
        )
        return [(document, certificate) for document, certificate in session.execute(found)]


def _listed(certificate: Certificate, name: str, file: str) -> dict[str, object]:
    state = state_of(certificate.state)
    return {
        "number": numbers.grouped(certificate.number),
        "name": name,
        "level": " ".join(LEVELS[certificate.level]),
        "issued_on": certificate.issued_on.isoformat(),
        "state": f"{state.zh} {state.en}",
        "file": file,
    }


def _in_file_name(name: str) -> str:
    return _NOT_IN_FILE_NAMES.sub("_", name)[:_LONGEST_NAME].strip(". ") or "_"
