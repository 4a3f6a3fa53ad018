"""The worker: its areas' bus doors in one nameko service."""

from onex.messaging.access_keys import AccessKeysBus
from onex.messaging.relay import Relay


class Worker(AccessKeysBus):
    name = "certificates"

    relay = Relay()
