"""The worker: its areas' bus doors in one nameko service."""

from onex.messaging.access_keys import AccessKeysBus
from onex.messaging.job_runner import JobRunner
from onex.messaging.relay import Relay
from services.assessment.pilot.bus import PilotBus
from services.assessment.registrations.roster_import import RosterImport
from services.assessment.results.publication import Publication
from services.assessment.results.results_import import ResultsImport
from services.assessment.results.sitting_annulment import SittingAnnulment


class Worker(AccessKeysBus, PilotBus):
    name = "assessment"

    relay = Relay()
    jobs = JobRunner(
        {"roster": RosterImport, "results": ResultsImport, "publication": Publication, "annulment": SittingAnnulment}
    )
