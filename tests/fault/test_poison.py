"""Three in a hundred messages are poison: they are parked with their reasons, hurt no other, and are replayed after the fix."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace

import orjson
import pytest

from onex.contracts.registry import OrganizationAdmitted
from tests.harness.report import Found
from tests.messaging.trial import CHECKOUT, Process, Stage, organization, until

SIZES = [
    pytest.param(300, 1, id="300-messages", marks=pytest.mark.timeout(600)),
    pytest.param(300, 100, id="300-in-packs", marks=pytest.mark.timeout(600)),
    pytest.param(2_000, 1, id="2000-messages", marks=[pytest.mark.long, pytest.mark.timeout(3600)]),
    pytest.param(2_000, 100, id="2000-in-packs", marks=[pytest.mark.long, pytest.mark.timeout(3600)]),
]
REASONS = {"undecodable": "without-a-name", "unwelcome": "refused", "process_died": "killer"}
HANDLED_WITHIN_S = 300.0


def without_a_name(name: str) -> bytes:
    """The event as a writer would say it who knows no English names; its code says which it is."""
    whole = orjson.loads(replace(organization(name), code=name).encode())
    del whole["name_en"]
    return orjson.dumps(whole)


class Supervised:
    """A listener that is started again whenever it dies."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.deaths = stage, 0
        self.process: Process = stage.start("listener")

    def look(self) -> None:
        if not self.process.alive:
            self.deaths += 1
            self.process = self.stage.start("listener")


@pytest.mark.fault
@pytest.mark.parametrize(("messages", "packed"), SIZES)
def test_poison_is_parked_hurts_no_other_and_is_handled_after_the_fix(
    stage: Stage, seed: int, found: Found, messages: int, packed: int
) -> None:
    chance = random.Random(seed)
    share = messages // 100
    poison = {code: [f"{name}-{number}" for number in range(share)] for code, name in REASONS.items()}
    good = [f"good-{number}" for number in range(messages - 3 * share)]
    sent: list[OrganizationAdmitted | bytes] = [organization(name) for name in good]
    sent += [without_a_name(name) for name in poison["undecodable"]]
    sent += [organization(name, does="refuse") for name in poison["unwelcome"]]
    sent += [organization(name, does="kill") for name in poison["process_died"]]
    chance.shuffle(sent)
    stage.put(*sent, packed=packed)

    listener = Supervised(stage)

    def all_settled() -> bool:
        listener.look()
        return len(stage.parked()) == 3 * share and len(stage.recorded) == len(good)

    began = time.monotonic()
    until(all_settled, "the good are handled and the poison is parked", HANDLED_WITHIN_S + messages)
    parked = Counter(row.code for row in stage.parked())
    found(
        broken=", ".join(f"{len(names)} {code}" for code, names in poison.items()), handled=len(stage.recorded),
        parked=parked.total(), deaths_of_the_process=listener.deaths, settled_after_s=time.monotonic() - began,
    )  # fmt: skip
    assert stage.recorded == sorted(good)
    assert parked == dict.fromkeys(REASONS, share)
    assert all(row.reason for row in stage.parked())
    assert listener.deaths > share, "the killers did kill"
    stage.nothing_left_in(listener.process.ready())

    mended = stage.start("listener", module="tests.fault.mended_worker").ready()
    for code in REASONS:
        command = [sys.executable, "-m", "onex", "parked", "replay", "--service", "notifications", "--code", code]
        subprocess.run(command, cwd=CHECKOUT, env=os.environ | stage.environ, check=True, stdout=subprocess.DEVNULL)
    stage.until_recorded([*good, *(name for names in poison.values() for name in names)])
    found(handled_after_the_replay=len(stage.recorded))
    assert all(row.outcome == "replayed" for row in stage.parked())
    stage.nothing_left_in(mended)
