"""Notices of certificates and of their standing, made again from what was said: `onex rebuild notifications`.

Only the notices. No webhook is sent for them and nothing is passed on to partners: whoever subscribed was told then.
"""

from collections.abc import Sequence

from sqlalchemy.dialects.postgresql import insert

from onex.chassis.database import UnitOfWork
from onex.contracts.certificates import CertificateIssued, CertificateStandingChanged
from onex.messaging.heard import Heard
from onex.messaging.read_models import ReadModel, Table
from services.notifications.partners import actions
from services.notifications.partners.models import Notice


def note_issues_again(session: UnitOfWork, heard: list[Heard[CertificateIssued]]) -> None:
    """Add the notices that are missing, and tell nobody."""
    _note_again(session, actions.issues(heard))


def note_changes_again(session: UnitOfWork, heard: list[Heard[CertificateStandingChanged]]) -> None:
    """The same for changed standings."""
    _note_again(session, actions.changes(heard))


def _note_again(session: UnitOfWork, notices: Sequence[actions.Noted]) -> None:
    if notices:
        session.execute(insert(Notice).values([one._asdict() for one in notices]).on_conflict_do_nothing())


MODELS = (
    ReadModel(
        "notices",
        (Table("notice"),),
        {CertificateIssued: note_issues_again, CertificateStandingChanged: note_changes_again},
    ),
)
