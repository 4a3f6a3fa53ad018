"""The worker: its areas' bus doors in one nameko service."""

from onex.messaging.access_keys import AccessKeysBus
from onex.messaging.relay import Relay
from services.certificates.deadlines.bus import DeadlinesBus
from services.certificates.issuing.bus import IssuingBus
from services.certificates.pilot.bus import PilotBus


class Worker(PilotBus, IssuingBus, DeadlinesBus, AccessKeysBus):
    name = "certificates"

    relay = Relay()
