"""What may be said of the rounds that were run, as it is kept in results/<measure>.json."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from benchmarks import rounds
from benchmarks.rounds import Round, Spread


def of(measure: str, about: dict[str, Any], taken: Sequence[Round], first: str) -> dict[str, Any]:
    """Every side's figures, and those of `first` beside each other side."""
    sides = list(dict.fromkeys(one.side for one in taken))
    own = next(one for one in taken if one.side == first)
    others = [side for side in sides if side != first]
    seen: dict[str, Any] = {"measure": measure, "machine": about, "sides": sides, "first": first}
    seen["per_second"] = _by_side(sides, own.seconds, lambda side, name: rounds.spread(taken, side, name))
    seen["ratio"] = _by_side(others, own.seconds, lambda side, name: rounds.ratio(taken, first, side, name))
    if own.latency_ms:
        seen["latency_ms"] = _by_side(sides, own.latency_ms, lambda side, name: rounds.latency(taken, side, name))
        seen["latency_ratio"] = _by_side(
            others, own.latency_ms, lambda side, name: rounds.latency_ratio(taken, first, side, name)
        )
    if own.cpu_us:
        seen["cpu_us"] = {side: {g: round(us, 1) for g, us in rounds.cpu(taken, side).items()} for side in sides}
    if own.cpu_us and all(
        one.cpu_us_in_all for one in taken
    ):  # CPU time is counted in ticks: a tiny turn may have none
        seen["cpu_ratio"] = {side: as_dict(rounds.cpu_ratio(taken, first, side)) for side in others}
    seen["rounds"] = [
        {
            "side": one.side,
            "count": one.count,
            "seconds": {name: float(f"{value:.5g}") for name, value in one.seconds.items()},
            "cpu_us": round(one.cpu_us_in_all, 1),
            "latency_ms": {name: round(value, 3) for name, value in one.latency_ms.items()},
        }
        for one in taken
    ]
    return seen


def peaks(mib: Mapping[str, Sequence[float]], first: str) -> dict[str, Any]:
    """The most memory that each side took, round by round in MiB, and how many times as much `first` took as the others."""
    times = {
        side: [one / other for one, other in zip(mib[first], of_side, strict=True)]
        for side, of_side in mib.items()
        if side != first
    }
    return {
        "peak_mib": {side: as_dict(Spread.of(of_side)) for side, of_side in mib.items()},
        "peak_ratio": {side: as_dict(Spread.of(values)) for side, values in times.items()},
    }


def _by_side(sides: Sequence[str], names: Any, figure: Callable[[str, str], Spread]) -> dict[str, dict[str, Any]]:
    return {side: {name: as_dict(figure(side, name)) for name in names} for side in sides}


def as_dict(one: Spread) -> dict[str, float]:
    return {"median": _round(one.median), "least": _round(one.least), "most": _round(one.most)}


def _round(value: float) -> float:
    """Three digits that mean something, or whole numbers."""
    return float(f"{value:.3g}") if abs(value) < 100 else round(value)
