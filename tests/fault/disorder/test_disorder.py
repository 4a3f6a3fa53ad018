"""Duplicates and disorder: each consumer of each service, on its real database."""

import random
from collections.abc import Callable

import pytest

from onex.chassis import access, clock
from onex.chassis.access import Role
from onex.chassis.problems import NotYetKnown
from onex.chassis.settings import SERVICES
from onex.cli.services import worker_of
from onex.contracts.registry import CertificateTypePublished
from onex.messaging.consumer import contracts_of
from onex.messaging.heard import Heard
from onex.messaging.timers import Every
from tests.fault.disorder.contents import Contents, compared, contents, steady
from tests.fault.disorder.said import History, history
from tests.harness.report import Found
from tests.harness.service import KEY, Service, json_of

pytestmark = pytest.mark.fault
COPIES = (1, 5)
LONGEST_BATCH = 8
Step = Callable[[], object]
SHUFFLES = [
    pytest.param(3, id="3-shuffles"),
    pytest.param(100, id="100-shuffles", marks=[pytest.mark.long, pytest.mark.timeout(3600)]),
]


class NotNow(Exception):
    """A person or a message comes again later."""


class Run:
    """One run of a service through the whole history, from empty."""

    def __init__(self, service: Service, said: History) -> None:
        self.service, self.said, self.messages = service, said, 0
        service.clean()
        with service.database.transaction() as session:
            session.connection().exec_driver_sql("TRUNCATE inbox, access_key")
        if service.name == "notifications":
            self._subscribe()

    def once_in_order(self) -> Contents:
        steps = [self._hearing([one]) for one in self.said.events if type(one.event) in self._contracts]
        place = sum(type(one.event).producer == "registry" for one in self.said.events)
        return self._done([*steps[:place], *self._people(), *steps[place:]])

    def shuffled(self, chance: random.Random) -> Contents:
        """Each message one to five times; batches of one contract each, as a queue has them; everything in any order."""
        steps: list[Step] = []
        for contract in self._contracts:
            copies = [one for one in self.said.of(contract) for _ in range(chance.randint(*COPIES))]
            chance.shuffle(copies)
            self.messages += len(copies)
            while copies:
                size = chance.randint(1, LONGEST_BATCH)
                steps.append(self._hearing(copies[:size]))
                del copies[:size]
        steps += self._people()
        steps += [self._fire_timers] * 5
        chance.shuffle(steps)
        return self._done(steps)

    @property
    def _contracts(self) -> list[type]:
        return list(contracts_of(self.service.worker_class))

    def _hearing(self, batch: list[Heard[object]]) -> Step:
        """As the consumer does it: a batch, else one by one, and what is not yet known of comes again later."""
        by_id = {one.event_id: one for one in batch}

        def hear() -> None:
            try:
                self.service.hear(*by_id.values())
            except NotYetKnown:
                late = [one for one in by_id.values() if not self._hear_alone(one)]
                if late:
                    by_id.clear()
                    by_id.update((one.event_id, one) for one in late)
                    raise NotNow from None

        return hear

    def _hear_alone(self, one: Heard[object]) -> bool:
        try:
            self.service.hear(one)
        except NotYetKnown:
            return False
        return True

    def _done(self, steps: list[Step]) -> Contents:
        rounds = 0
        while steps:
            rounds += 1
            assert rounds < 50, "something is never known"
            put_off = []
            for step in steps:
                try:
                    step()
                except NotNow:
                    put_off.append(step)
            steps = put_off
        self._fire_timers()
        return contents(self.service.database)

    def _fire_timers(self) -> None:
        for name in dir(self.service.worker_class):
            for entrypoint in getattr(getattr(self.service.worker_class, name), "nameko_entrypoints", ()):
                if isinstance(entrypoint, Every):
                    while self.service.fire(name) is True:
                        pass

    # ---- what people do meanwhile -----------------------------------------------------------------------------

    def _people(self) -> list[Step]:
        """Credit records of all levels of two of the three types are proposed and approved; the third's wait."""
        if self.service.name != "creditbank":
            return []
        return [self._approving(kind, level) for kind in self.said.types[:2] for level in ("primary", "intermediate")]

    def _approving(self, kind: CertificateTypePublished, level: str) -> Step:
        body = {
            "certificate_type_id": str(kind.certificate_type_id), "level": level, "standard_version": "1.0",
            "credit_hundredths": 250, "hours": 64, "rationale": "64 hours of training and assessment.",
        }  # fmt: skip

        def approve() -> None:
            path = "/creditbank/v1/proposals"
            answer = self.service.call("POST", path, role=Role.TEO, organization_id=kind.teo_id, json=body)
            if answer.status_code != 201:
                raise NotNow  # the type, or its level, is not known here yet
            made = json_of(answer)
            self.service.call("POST", f"{path}/{made['id']}/approval", role=Role.MINISTRY, expect=200)

        return approve

    def _subscribe(self) -> None:
        for number, codes in enumerate((None, ["001"], ["002", "003"])):
            body = {"url": f"https://partner{number}.example/onex", "events": ["certificate_issued"]}
            if codes:
                body["certificate_type_codes"] = codes
            self.service.call("POST", "/notifications/v1/subscriptions", role=Role.PARTNER, json=body, expect=201)


@pytest.fixture(autouse=True)
def _known_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """People's tokens are good whatever became of the access keys, which are among what is shuffled here."""
    monkeypatch.setattr(access.KeyRing, "key", lambda ring, key_id: KEY)


def test_the_history_holds_every_contract_that_any_service_consumes(service: Callable[[str], Service]) -> None:
    said = history(service("certificates").vault, random.Random(1))
    consumed = {contract for name in SERVICES for contract in contracts_of(worker_of(name))}
    assert consumed <= {type(one.event) for one in said.events}


@pytest.mark.parametrize("shuffles", SHUFFLES)
@pytest.mark.parametrize("name", SERVICES)
def test_every_message_one_to_five_times_in_any_order_leaves_what_once_in_order_leaves(
    service: Callable[[str], Service], seed: int, found: Found, name: str, shuffles: int
) -> None:
    chance, began = random.Random(seed), clock.now().replace(microsecond=0)
    one = service(name)
    said = history(one.vault, chance)
    first, second = Run(one, said).once_in_order(), Run(one, said).once_in_order()
    columns = steady(first, second, began)
    assert {"consumer", "event_id"} <= columns["inbox"]
    expected = compared(first, columns)
    assert compared(second, columns) == expected
    messages = 0
    for number in range(1, shuffles + 1):
        run = Run(one, said)
        state = compared(run.shuffled(chance), columns)
        messages += run.messages
        differ = [table for table in expected if state[table] != expected[table]]
        found(size=f"{shuffles} shuffles", shuffles=number, messages=messages, tables_that_differ=len(differ))
        for table in differ:
            assert state[table] == expected[table], table
