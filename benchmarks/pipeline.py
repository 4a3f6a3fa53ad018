"""Certificates a second from the published result to booked credit and recorded notice; with webhooks, to delivery."""

from collections.abc import Callable, Sequence
from typing import Any

from rich.console import Console

from benchmarks import figures, machine, product
from benchmarks.floor import Floor, PackingFloor
from benchmarks.ground import Ground
from benchmarks.passes import new_pilot
from benchmarks.peers.peer import Peer
from benchmarks.product import Product
from benchmarks.rounds import Round, take_turns
from benchmarks.tasks import PIPELINE


def measure(
    rounds: int,
    certificates: int,
    peer_certificates: int,
    stock_peers: Sequence[type[Peer]],
    console: Console,
    *,
    webhooks: bool = False,
) -> dict[str, Any]:
    """Run all sides in turn on the same servers; returns everything that was seen, for the results file.

    The floors post no webhooks, so with them they take no part.
    """
    with Ground() as ground:
        about = machine.describe(ground.postgres_url, ground.amqp_url)
        pilot = new_pilot()
        ours = Product(ground, pilot, webhooks=webhooks)
        floors: list[Peer] = [] if webhooks else [Floor(ground, pilot, PIPELINE), PackingFloor(ground, pilot, PIPELINE)]
        peers = [peer(ground, pilot, PIPELINE, webhooks=webhooks) for peer in stock_peers]
        sides: list[tuple[str, Product | Peer, int]] = [(product.NAME, ours, certificates)]
        sides += [(one.name, one, certificates) for one in floors]
        sides += [(one.name, one, peer_certificates) for one in peers]
        try:
            for name, side, _ in sides:
                console.print(f"Starting {name} …")
                side.start()
            turns = {name: turn(console, side, count) for name, side, count in sides}
            taken = take_turns(turns, rounds)
        finally:
            for _, side, _ in reversed(sides):
                side.stop()
    return figures.of("webhooks" if webhooks else "pipeline", about, taken, product.NAME)


def turn(console: Console, side: Any, count: int) -> Callable[[], Round]:
    """One turn of `side`, said when it is over."""

    def take() -> Round:
        one: Round = side.turn(count)
        console.print(f"  {one.side:<14}{one.count:>8,} events  {one.per_second('complete'):>9,.0f}/s")
        return one

    return take
