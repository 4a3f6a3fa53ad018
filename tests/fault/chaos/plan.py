"""What will break, when and how, drawn from a seed before anything does."""

import random
from dataclasses import dataclass
from enum import StrEnum

from onex.chassis.settings import SERVICES

PROCESSES = (*SERVICES, "web")


class Kind(StrEnum):
    KILL = "kill -9"
    PAUSE = "STOP, then CONT"
    CUT = "cut connections"
    FREEZE = "freeze connections"
    SLOW = "slow connections"


@dataclass(frozen=True)
class Fault:
    """One thing that breaks. `after_s`: the pause before it; `lasts_s`: for what does not heal by itself."""

    kind: Kind
    victim: str
    after_s: float
    lasts_s: float = 0.0
    share: float = 1.0
    seed: int = 0

    def __str__(self) -> str:
        lasts = f" for {self.lasts_s:.1f} s" if self.lasts_s else ""
        share = f" ({self.share:.0%})" if self.kind in (Kind.CUT, Kind.FREEZE, Kind.SLOW) else ""
        return f"+{self.after_s:.1f} s {self.kind}: {self.victim}{share}{lasts}"


def drawn(seed: int, service_kills: int, broker_kills: int) -> list[Fault]:
    """A plan: so many kills of workers and web processes, so many of the broker, and the other kinds in proportion."""
    chance = random.Random(seed)
    pause = lambda: chance.uniform(0.1, 1.2)  # noqa: E731
    some = max(2, service_kills // 10)
    faults = [Fault(Kind.KILL, chance.choice(PROCESSES), pause()) for _ in range(service_kills)]
    faults += [Fault(Kind.KILL, "rabbitmq", pause()) for _ in range(broker_kills)]
    faults += [Fault(Kind.KILL, "postgres", pause()) for _ in range(max(1, broker_kills // 2))]
    faults += [
        Fault(Kind.PAUSE, chance.choice((*PROCESSES, "rabbitmq")), pause(), chance.uniform(0.2, 4)) for _ in range(some)
    ]
    for kind in (Kind.CUT, Kind.FREEZE, Kind.SLOW):
        for target in ("amqp", "postgres"):
            for _ in range(max(1, some // 2)):
                lasts = 0.0 if kind is Kind.CUT else chance.uniform(0.5, 5)
                share = chance.choice((0.2, 0.5, 1.0))
                faults.append(Fault(kind, target, pause(), lasts, share, chance.randrange(10**6)))
    chance.shuffle(faults)
    return faults
