"""The registry's worker: its areas' bus doors in one nameko service."""

from onex.chassis.rows import KIND
from onex.messaging.access_keys import AccessKeysBus
from onex.messaging.job_runner import JobRunner
from onex.messaging.relay import Relay
from services.registry.admission.bus import AdmissionBus
from services.registry.evaluations.bus import EvaluationsBus
from services.registry.exits.bus import ExitsBus
from services.registry.fees.bus import FeesBus
from services.registry.history.bus import HistoryBus
from services.registry.identity.bus import IdentityBus
from services.registry.imports import IMPORTS
from services.registry.inspections.bus import InspectionsBus
from services.registry.opinions.bus import OpinionsBus
from services.registry.policies.bus import PoliciesBus
from services.registry.rectification.bus import RectificationBus
from services.registry.reports.bus import ReportsBus
from services.registry.training.bus import TrainingBus


class Worker(
    AccessKeysBus,
    AdmissionBus,
    EvaluationsBus,
    ExitsBus,
    FeesBus,
    HistoryBus,
    IdentityBus,
    InspectionsBus,
    OpinionsBus,
    PoliciesBus,
    RectificationBus,
    ReportsBus,
    TrainingBus,
):
    name = "registry"

    relay = Relay()
    jobs = JobRunner({KIND: IMPORTS.factory})
