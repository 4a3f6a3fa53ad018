"""Stock nameko's side: its services in a process each, given work by a loop of stock `dispatch` calls."""

import sys
from collections.abc import Callable, Sequence

from nameko.standalone.events import event_dispatcher

from benchmarks.peers.peer import Peer, as_json
from benchmarks.tasks import BUS

NAME = "stock nameko"
_QUEUES = {
    "issuer": "evt-assessment-result_published--issuer.on_result",
    "credit": "evt-issuer-certificate_issued--credit.on_certificate",
    "notices": "evt-issuer-certificate_issued--notices.on_certificate",
    "rows": "evt-issuer-certificate_issued--rows.on_certificate",
}


class StockNameko(Peer):
    name = NAME
    path = "stock-nameko"

    def command(self, part: str) -> Sequence[str]:
        return (sys.executable, "-m", "benchmarks.peers.stock_nameko_services", part)

    def queue(self, part: str) -> str:
        return _QUEUES[part]

    def begin(self, bodies: Sequence[bytes]) -> Callable[[], None]:
        events = as_json(bodies)
        address = ("issuer", "certificate_issued") if self.task is BUS else ("assessment", "result_published")
        dispatch = event_dispatcher({"AMQP_URI": self.amqp_url})

        def say() -> None:
            for event in events:
                dispatch(*address, event)

        return say
