"""FastStream's side: a process a part, given work by a loop of `publish`."""

from collections.abc import Sequence

from sqlalchemy import create_engine

from benchmarks.peers import work
from benchmarks.peers.peer import BENCH_PYTHON
from benchmarks.peers.producing import ProducedPeer


class StockFastStream(ProducedPeer):
    name = "FastStream"
    path = "faststream"
    producer = "benchmarks.peers.faststream_producer"

    def prepare(self) -> None:
        for part, url in self.database_urls.items():
            engine = create_engine(url.replace("://", "+psycopg://", 1))
            work.create_tables(engine, part)
            engine.dispose()

    def command(self, part: str) -> Sequence[str]:
        return (str(BENCH_PYTHON), "-m", "benchmarks.peers.faststream_services", part)

    def queue(self, part: str) -> str:
        return part
