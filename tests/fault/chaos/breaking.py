"""Carries a plan of faults out on a platform."""

import os
import signal
import time
from collections import Counter
from contextlib import suppress

from onex.chassis.settings import SERVICES
from tests.fault.chaos.plan import Fault, Kind
from tests.fault.chaos.proxied import Proxied

COMES_BACK_WITHIN_S = 180.0
BREATHES_EVERY = 10
"""After so many faults all may come back: where starting is slow, nothing would flow otherwise that could be lost."""


class Breaker:
    """Breaks one thing after another. `done` counts what was really hit, by kind and victim; `over_at` is when the last was."""

    def __init__(self, proxied: Proxied) -> None:
        self.proxied = proxied
        self.done: Counter[tuple[Kind, str]] = Counter()
        self.over_at = 0.0
        self._killed: dict[str, int] = {}

    def carry_out(self, plan: list[Fault]) -> None:
        for number, fault in enumerate(plan):
            if number and number % BREATHES_EVERY == 0:
                self.all_back()
            time.sleep(fault.after_s)
            match fault.kind:
                case Kind.KILL:
                    self._kill(fault)
                case Kind.PAUSE:
                    self._pause(fault)
                case _:
                    self._connections(fault)
            self.done[fault.kind, fault.victim] += 1
        self.over_at = time.monotonic()

    def __str__(self) -> str:
        kinds = {kind: {victim: n for (done, victim), n in sorted(self.done.items()) if done is kind} for kind in Kind}
        each = {kind: ", ".join(f"{victim} {n}" for victim, n in victims.items()) for kind, victims in kinds.items()}
        return "; ".join(f"{sum(kinds[kind].values())} × {kind} ({each[kind]})" for kind in Kind if kinds[kind])

    def all_back(self) -> None:
        """Everything heals; returns when every program says that it is ready."""
        self.proxied.proxy.heal()
        for name in ("postgres", "rabbitmq", *SERVICES, "web"):
            self.proxied.platform_of(name).wait_ready(name, COMES_BACK_WITHIN_S)

    def _kill(self, fault: Fault) -> None:
        while True:
            pid = self._running(fault.victim)
            try:
                os.kill(pid, signal.SIGKILL)
                break
            except ProcessLookupError:  # it ended by itself a moment ago
                time.sleep(0.1)
        self._killed[fault.victim] = pid
        if fault.victim in ("postgres", "rabbitmq"):  # without them nothing flows that could be lost
            self.proxied.platform_of(fault.victim).wait_ready(fault.victim, COMES_BACK_WITHIN_S, replacing=pid)

    def _pause(self, fault: Fault) -> None:
        pid = self._running(fault.victim)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
            try:
                time.sleep(fault.lasts_s)
            finally:
                os.kill(pid, signal.SIGCONT)

    def _connections(self, fault: Fault) -> None:
        self.proxied.proxy.do(fault.victim, fault.kind.name.lower(), fault.share, fault.seed)
        time.sleep(fault.lasts_s)
        self.proxied.proxy.do(fault.victim, "heal")

    def _running(self, name: str) -> int:
        """The process id of `name`, which may be on its way back; the one killed last is not seen as dead at once."""
        deadline = time.monotonic() + COMES_BACK_WITHIN_S
        while (pid := self.proxied.platform_of(name).pid(name)) in (None, self._killed.get(name)):
            assert time.monotonic() < deadline, f"{name} does not come back"
            time.sleep(0.1)
        assert pid is not None
        return pid
