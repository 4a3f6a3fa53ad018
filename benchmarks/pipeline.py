"""Certificates a second from the published result to booked credit and delivered notice, beside stock nameko."""

from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import machine, product
from benchmarks.ground import Ground
from benchmarks.passes import new_pilot
from benchmarks.peers import stock_nameko
from benchmarks.peers.stock_nameko import StockNameko
from benchmarks.product import Product
from benchmarks.rounds import Round, Spread, cpu, cpu_ratio, ratio, spread, take_turns

STAGES = ("issued", "booked", "noticed", "delivered", "complete")
SIDES = (product.NAME, stock_nameko.NAME)


def measure(rounds: int, certificates: int, peer_certificates: int, console: Console) -> dict[str, Any]:
    """Run both sides in turn on the same servers; returns everything that was seen, for the results file."""
    with Ground() as ground:
        about = machine.describe(ground.postgres_url, ground.amqp_url)
        pilot = new_pilot()
        ours, theirs = Product(ground, pilot), StockNameko(ground, pilot)
        try:
            console.print("Starting the platform, then stock nameko, on the same servers …")
            ours.start()
            theirs.start()

            def our_turn() -> Round:
                return _say(console, ours.turn(certificates))

            def their_turn() -> Round:
                return _say(console, theirs.turn(peer_certificates))

            taken = take_turns({product.NAME: our_turn, stock_nameko.NAME: their_turn}, rounds)
        finally:
            theirs.stop()
            ours.stop()
    return report(taken, about)


def _say(console: Console, one: Round) -> Round:
    console.print(f"  {one.side:<14}{one.count:>8,} certificates  {one.per_second('complete'):>9,.0f}/s")
    return one


def report(taken: list[Round], about: dict[str, Any]) -> dict[str, Any]:
    """What was seen, and what may be said of it."""
    return {
        "measure": "pipeline",
        "machine": about,
        "per_second": {side: {stage: _as_dict(spread(taken, side, stage)) for stage in STAGES} for side in SIDES},
        "ratio": {stage: _as_dict(ratio(taken, *SIDES, stage)) for stage in STAGES},
        "cpu_ratio": _as_dict(cpu_ratio(taken, *SIDES)),
        "cpu_us_per_certificate": {
            side: {group: round(us) for group, us in cpu(taken, side).items()} for side in SIDES
        },
        "rounds": [
            {
                "side": one.side,
                "certificates": one.count,
                "seconds": {stage: round(seconds, 3) for stage, seconds in one.seconds.items()},
                "cpu_us_per_certificate": round(one.cpu_us_in_all),
            }
            for one in taken
        ],
    }


def show(seen: dict[str, Any], console: Console) -> None:
    """The two tables a reader wants."""
    rates = Table("stage", *(f"{side}, /s" for side in SIDES), "times as fast", title="Median (least to most)")
    for stage in STAGES:
        cells = [_cell(seen["per_second"][side][stage], 0) for side in SIDES]
        rates.add_row(stage, *cells, _cell(seen["ratio"][stage], 1))
    console.print(rates)
    times_as_cheap = _cell(seen["cpu_ratio"], 1)
    title = f"CPU time: stock nameko's is {times_as_cheap} times the product's"
    costs = Table("µs a certificate", *SIDES, title=title)
    of_side = seen["cpu_us_per_certificate"]
    groups = list(dict.fromkeys(group for side in SIDES for group in of_side[side]))
    for group in groups:
        costs.add_row(group, *(f"{of_side[side][group]:,}" if group in of_side[side] else "–" for side in SIDES))
    costs.add_row("all", *(f"{sum(of_side[side].values()):,}" for side in SIDES))
    console.print(costs)


def _as_dict(one: Spread) -> dict[str, float]:
    return {"median": round(one.median, 2), "least": round(one.least, 2), "most": round(one.most, 2)}


def _cell(one: dict[str, float], places: int) -> str:
    return f"{one['median']:,.{places}f} ({one['least']:,.{places}f} to {one['most']:,.{places}f})"
