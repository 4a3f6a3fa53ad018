"""The worker: its areas' bus doors in one nameko service."""

from onex.messaging.access_keys import AccessKeysBus
from onex.messaging.relay import Relay
from services.creditbank.ledger.bus import LedgerBus
from services.creditbank.proposals.bus import ProposalsBus


class Worker(AccessKeysBus, ProposalsBus, LedgerBus):
    name = "creditbank"

    relay = Relay()
