"""The job that makes the documents of a bundle.

The first step lists the certificates: their number and order do not change any more. Each further one makes the documents of the
next few and writes them in its transaction with its progress, so a job that is taken up again goes on behind the last
document that is there. The typesetting runs in a native thread, outside the worker's event loop.
"""

from typing import Any

from eventlet import tpool
from sqlalchemy import select, text, update

from onex.chassis.bulk import Refused
from onex.chassis.database import UnitOfWork
from onex.chassis.jobs import Job, Progress
from onex.chassis.pii import Vault
from services.certificates.documents import queries
from services.certificates.documents.bundles import SEALED_AS
from services.certificates.documents.errors import NotDrawable
from services.certificates.documents.models import Bundle, BundledDocument
from services.certificates.documents.press import Press
from services.certificates.inquiry.wording import state_of
from services.certificates.issuing import numbers

STEP = 25
"""So many documents are made in one transaction: about a second's work."""

# Without those that were replaced: what replaced them is of the same sitting.
_LIST = text(
    "INSERT INTO bundled_document (bundle_id, position, certificate_id)"
    " SELECT bundle.id, row_number() OVER (ORDER BY certificate.number), certificate.id"
    " FROM document_bundle AS bundle JOIN certificate USING (sitting_id) WHERE bundle.id = :id"
    " AND certificate.state <> 'replaced' AND (bundle.teo_id IS NULL OR certificate.teo_id = bundle.teo_id)"
    " AND (bundle.college_id IS NULL OR certificate.college_id = bundle.college_id)"
)


class Printing:
    """Makes the documents of one bundle."""

    def __init__(self, job: Job, _source: bytes, vault: Vault) -> None:
        self._bundle_id, self._next, self._vault = job.id, job.position, vault
        self._public_url: str = job.parameters["public_url"]
        self._press: Press | None = None

    def step(self, session: UnitOfWork) -> Progress | None:
        # Whoever drops the bundle waits for this step, and this one does nothing once it is dropped.
        if (
            session.scalar(select(Bundle.id).where(Bundle.id == self._bundle_id).with_for_update(key_share=True))
            is None
        ):
            return None
        if self._next == 0:
            self._next = 1
            count: Any = session.execute(_LIST, {"id": self._bundle_id})
            return Progress(self._next, total=count.rowcount)
        listed = session.execute(
            select(BundledDocument.certificate_id, BundledDocument.position)
            .where(BundledDocument.bundle_id == self._bundle_id, BundledDocument.position >= self._next)
            .order_by(BundledDocument.position)
            .limit(STEP)
        )
        positions = {row.certificate_id: row.position for row in listed}
        if not positions:
            return None
        refused = self._print(session, positions)
        self._next = max(positions.values()) + 1
        return Progress(self._next, accepted=len(positions) - len(refused), refused=refused)

    def _print(self, session: UnitOfWork, positions: dict[Any, int]) -> list[Refused]:
        refused = []
        for one in queries.ready(session, self._vault, self._public_url, positions):
            at, number = positions[one.certificate.id], numbers.grouped(one.certificate.number)
            if one.certificate.state != "valid":
                state = state_of(one.certificate.state)
                reason = (f"The certificate is not valid: {state.en.lower()}.", f"证书{state.zh}。")
                refused.append(Refused(at, None, "not_valid", *reason, number))
                continue
            try:
                pdf = tpool.execute(self._pdf, one)
            except NotDrawable as lacking:
                points = ", ".join(lacking.points)
                reason = (f"No font has {points}.", f"字库缺字：{points}。")
                refused.append(Refused(at, None, lacking.code, *reason, number))
                continue
            session.execute(
                update(BundledDocument)
                .where(BundledDocument.bundle_id == self._bundle_id, BundledDocument.position == at)
                .values(sealed_pdf=self._vault.seal(pdf, SEALED_AS))
            )
        return refused

    def _pdf(self, one: queries.Ready) -> bytes:
        self._press = self._press or Press()
        return self._press.pdf(one.face, one.attached)
