"""Stock frameworks doing the same work, one row an event, as their documentation shows it."""

from rich.console import Console

from benchmarks.peers.peer import BENCH_PYTHON, Peer
from benchmarks.peers.stock_celery import StockCelery
from benchmarks.peers.stock_faststream import StockFastStream
from benchmarks.peers.stock_nameko import StockNameko


def stock_peers(console: Console, *, only_nameko: bool = False) -> list[type[Peer]]:
    """The peers that can be run here: nameko is part of the platform, the others have an environment of their own."""
    if only_nameko:
        return [StockNameko]
    if BENCH_PYTHON.exists():
        return [StockNameko, StockCelery, StockFastStream]
    console.print("Celery and FastStream take no part: `make bench`, or benchmarks/setup, makes .venv-bench for them.")
    return [StockNameko]
