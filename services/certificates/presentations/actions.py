"""A holder makes a link, it is looked at, the holder withdraws it."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text

from onex.chassis.access import Caller
from onex.chassis.database import UnitOfWork
from onex.chassis.ids import new_id
from onex.chassis.pii import Vault
from onex.chassis.problems import Invalid
from services.certificates.issuing import queries as certificates
from services.certificates.presentations import queries, rules, tokens
from services.certificates.presentations.errors import NothingShown, TooManyPresentations, WrongChoice
from services.certificates.presentations.models import Presentation, PresentedCertificate

_IN_FORCE = text(
    "SELECT count(*) FROM presentation WHERE learner_id = :learner_id AND withdrawn_at IS NULL AND expires_at > :now"
)
# Where the link is in force it is counted and found, both at once; else nothing happens, for whatever reason.
_VIEW = text(
    "UPDATE presentation SET views = views + 1, last_viewed_at = :now WHERE token_hash = :hash"
    " AND withdrawn_at IS NULL AND expires_at > :now RETURNING id, expires_at"
)


def make(
    session: UnitOfWork, vault: Vault, by: Caller, *, chosen: Sequence[Mapping[str, Any]], expires_at: datetime,
    label: str | None, now: datetime,
) -> tuple[Presentation, str]:  # fmt: skip
    """PP-45: a link to some of the learner's own certificates. Returns it with its token, which is told this once.

    Raises NotFound for a certificate that is not the learner's, WrongChoice, Invalid, TooManyPresentations.
    """
    if not rules.ends_in_time(expires_at, now):
        raise Invalid(f"A link ends in the future, within {rules.LONGEST.days} days.")
    for one in chosen:
        if why := rules.why_not(one["fields"]):
            raise WrongChoice(why)
    found = [certificates.by_number(session, by, one["number"]) for one in chosen]
    if len({one.id for one in found}) != len(found):
        raise WrongChoice("A certificate is named twice.")
    assert by.learner_id is not None  # by_number found certificates of this learner
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:who))"), {"who": f"presentations of {by.learner_id}"})
    in_force = session.execute(_IN_FORCE, {"learner_id": by.learner_id, "now": now}).scalar_one()
    if in_force >= rules.MOST_IN_FORCE:
        raise TooManyPresentations()
    token = tokens.new()
    made = Presentation(
        id=new_id(), learner_id=by.learner_id, token_hash=tokens.hashed(token), expires_at=expires_at, created_at=now,
        sealed_label=tokens.seal_label(vault, label) if label else None, views=0,
    )  # fmt: skip
    session.add(made)
    session.add_all(
        PresentedCertificate(
            presentation_id=made.id, position=position, certificate_id=certificate.id, fields=list(one["fields"])
        )
        for position, (one, certificate) in enumerate(zip(chosen, found, strict=True))
    )
    session.flush()
    return made, token


def withdraw(session: UnitOfWork, by: Caller, presentation_id: uuid.UUID, now: datetime) -> Presentation:
    """From now on the link shows nothing; again changes nothing. Raises NotFound for one that is not the learner's."""
    found = queries.own(session, by, presentation_id, lock=True)
    found.withdrawn_at = found.withdrawn_at or now
    session.flush()
    return found


def view(session: UnitOfWork, token: str, now: datetime) -> queries.Shown:
    """What the link shows, counted as a view. Raises NothingShown, the same for one that never was, ended or was withdrawn."""
    seen = session.execute(_VIEW, {"hash": tokens.hashed(token), "now": now}).first()
    if seen is None:
        raise NothingShown()
    return queries.shown(session, seen.id, seen.expires_at)
