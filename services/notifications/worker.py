"""The worker: its areas' bus doors in one nameko service."""

from onex.messaging.access_keys import AccessKeysBus
from onex.messaging.relay import Relay
from onex.messaging.topology import PARTNERS
from services.notifications.deliveries.bus import DeliveriesBus
from services.notifications.deliveries.sender import Sender
from services.notifications.partners.bus import PartnersBus


class Worker(AccessKeysBus, PartnersBus, DeliveriesBus):
    name = "notifications"

    relay = Relay()
    partners_relay = Relay(PARTNERS)
    sender = Sender()
