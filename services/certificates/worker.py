"""The worker: its areas' bus doors in one nameko service."""

from onex.messaging.access_keys import AccessKeysBus
from onex.messaging.job_runner import JobRunner
from onex.messaging.relay import Relay
from services.certificates.deadlines.bus import DeadlinesBus
from services.certificates.documents import bundles, printing
from services.certificates.documents.bus import DocumentsBus
from services.certificates.elsewhere import entering
from services.certificates.inquiry import batch
from services.certificates.inquiry.bus import InquiryBus
from services.certificates.issuing.bus import IssuingBus
from services.certificates.log.bus import LogBus
from services.certificates.pilot.bus import PilotBus
from services.certificates.standing.bus import StandingBus


class Worker(AccessKeysBus, DeadlinesBus, DocumentsBus, InquiryBus, IssuingBus, LogBus, PilotBus, StandingBus):
    name = "certificates"

    relay = Relay()
    jobs = JobRunner({batch.KIND: batch.work, entering.KIND: entering.Entering, bundles.KIND: printing.Printing})
