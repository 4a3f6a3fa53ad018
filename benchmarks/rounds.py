"""Interleaved rounds and what may be said of them: medians, the range between them, ratios within a round.

Pure but for `take_turns`, which calls what it is given.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True)
class Round:
    """One side's turn: `count` items, and the seconds from the start until the last of them was through each stage."""

    side: str
    count: int
    seconds: Mapping[str, float]
    cpu_us: Mapping[str, float] = field(default_factory=dict)
    """CPU time an item in microseconds, by group of processes."""
    latency_ms: Mapping[str, float] = field(default_factory=dict)
    """What one item waited, by name: say `p50`, `p99`."""

    def per_second(self, stage: str) -> float:
        return self.count / self.seconds[stage]

    @property
    def cpu_us_in_all(self) -> float:
        return sum(self.cpu_us.values())


@dataclass(frozen=True)
class Spread:
    """A median with the range it comes from."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """Raises ValueError for no values."""
        if not values:
            raise ValueError("no values to take a median of")
        return cls(median(values), min(values), max(values))


def take_turns(turns: Mapping[str, Callable[[], Round]], rounds: int) -> list[Round]:
    """Each side once a round, in the order given: what disturbs the machine for a while disturbs all of them."""
    return [turn() for _ in range(rounds) for turn in turns.values()]


def spread(rounds: Sequence[Round], side: str, stage: str) -> Spread:
    """One side's items a second through one stage."""
    return Spread.of([one.per_second(stage) for one in rounds if one.side == side])


def ratio(rounds: Sequence[Round], side: str, beside: str, stage: str) -> Spread:
    """How many times as fast `side` was as `beside`, each compared with its neighbour of the same round."""
    return Spread.of(
        [one.per_second(stage) / other.per_second(stage) for one, other in _neighbours(rounds, side, beside)]
    )


def latency(rounds: Sequence[Round], side: str, name: str) -> Spread:
    """One side's waits of this name, in milliseconds."""
    return Spread.of([one.latency_ms[name] for one in rounds if one.side == side])


def latency_ratio(rounds: Sequence[Round], side: str, beside: str, name: str) -> Spread:
    """How many times as long `side` waited as `beside`, each compared with its neighbour."""
    pairs = _neighbours(rounds, side, beside)
    return Spread.of([one.latency_ms[name] / other.latency_ms[name] for one, other in pairs])


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0 to 1) of all are at most. Raises ValueError for no values."""
    if not values:
        raise ValueError("no values to take a percentile of")
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def cpu_ratio(rounds: Sequence[Round], side: str, beside: str) -> Spread:
    """How many times the CPU time of `side` an item cost `beside`, each compared with its neighbour.

    A busy machine stretches seconds far more than CPU time, so this is the steadier of the two ratios.
    """
    return Spread.of([other.cpu_us_in_all / one.cpu_us_in_all for one, other in _neighbours(rounds, side, beside)])


def _neighbours(rounds: Sequence[Round], side: str, beside: str) -> list[tuple[Round, Round]]:
    ours = [one for one in rounds if one.side == side]
    theirs = [one for one in rounds if one.side == beside]
    return list(zip(ours, theirs, strict=True))


def cpu(rounds: Sequence[Round], side: str) -> dict[str, float]:
    """Median CPU time an item in microseconds, by group of processes."""
    own = [one.cpu_us for one in rounds if one.side == side]
    return {group: median(one[group] for one in own) for group in own[0]} if own else {}
