"""FastStream's side: a process a part, given work by a loop of `publish`."""

from collections.abc import Sequence

from benchmarks.peers.peer import BENCH_PYTHON
from benchmarks.peers.producing import ProducedPeer


class StockFastStream(ProducedPeer):
    name = "FastStream"
    path = "faststream"
    producer = "benchmarks.peers.faststream_producer"

    def command(self, part: str) -> Sequence[str]:
        return (str(BENCH_PYTHON), "-m", "benchmarks.peers.faststream_services", part)
