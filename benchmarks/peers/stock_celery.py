"""Celery's side: a worker a queue, given work by a loop of `delay`."""

from collections.abc import Sequence

from benchmarks.peers.peer import BENCH_PYTHON
from benchmarks.peers.producing import ProducedPeer


class StockCelery(ProducedPeer):
    name = "Celery"
    path = "celery"
    producer = "benchmarks.peers.celery_producer"

    def command(self, part: str) -> Sequence[str]:
        celery = (str(BENCH_PYTHON), "-m", "celery", "-A", "benchmarks.peers.celery_app")
        return (*celery, "worker", "-Q", part, "-n", f"{part}@bench", "--loglevel", "WARNING")
