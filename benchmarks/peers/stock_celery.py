"""Celery's side: a worker a queue, given work by a loop of `delay`."""

from collections.abc import Sequence

from sqlalchemy import create_engine

from benchmarks.peers import work
from benchmarks.peers.peer import BENCH_PYTHON
from benchmarks.peers.producing import ProducedPeer


class StockCelery(ProducedPeer):
    name = "Celery"
    path = "celery"
    producer = "benchmarks.peers.celery_producer"

    def prepare(self) -> None:
        """The tables: a worker's processes would make them all at once."""
        for part, url in self.database_urls.items():
            engine = create_engine(url.replace("://", "+psycopg://", 1))
            work.create_tables(engine, part)
            engine.dispose()

    def command(self, part: str) -> Sequence[str]:
        celery = (str(BENCH_PYTHON), "-m", "celery", "-A", "benchmarks.peers.celery_app")
        return (*celery, "worker", "-Q", part, "-n", f"{part}@bench", "--loglevel", "WARNING")

    def queue(self, part: str) -> str:
        return part
