"""The main job as a flow: everything is made ready, and then plan after plan is published while things break."""

import io
import math
import threading
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self

from rich.console import Console

from onex.audit.audit import count_books
from onex.cli.audit import database_urls
from onex.demo import assessing, cast
from onex.demo.assessing import Assessment
from onex.demo.partner import Receiver, StreamReader
from onex.demo.story import Story
from tests.fault.chaos.proxied import Proxied

PASS_SHARE = 0.8  # of the rows of a roster: some are bad on purpose, about 15 in 100 fail
SPREAD = 3  # so many times the square root of what is wanted comes on top: how many pass is chance
PUBLISHED_WITHIN_S = 300.0
AT_ONCE = 4  # so many plans are made ready at a time: most of it is waiting for jobs


class Flow(Story):
    """`certificates` is how many there will be, at least; they come in `plans` parts. Made ready by entering its block."""

    def __init__(self, proxied: Proxied, certificates: int, plans: int, seed: int) -> None:
        super().__init__(proxied.services, Console(file=io.StringIO(), width=120), candidates=0)
        self.direct = database_urls(proxied.servers.environment)
        self.each = int((certificates / PASS_SHARE + SPREAD * math.sqrt(certificates)) / plans) + 1
        self.plans, self.seed = plans, seed
        self.published = 0
        self.error: BaseException | None = None

    def __enter__(self) -> Self:
        """Found the pilot, approve credit, subscribe a partner, register and score everyone: nothing is public yet."""
        self.receiver = Receiver()
        with self._progress() as progress:
            self.teos, colleges, founding = self._found(progress)
            self._propose_credit(progress, self.teos, founding)
            self._subscribe(founding, self.receiver)

        def made_ready(number: int) -> Assessment:
            one = cast.TYPES[number % len(cast.TYPES)]
            assessment = assessing.open_plan(self.teos[one.teo], one, founding.ids)
            seed = self.seed * 1000 + number
            assessing.send_rosters(assessment, self.teos[one.teo], colleges, self.each, seed, lambda _: None)
            assessing.send_scores(assessment, self.teos[one.teo], seed)
            return assessment

        with ThreadPoolExecutor(AT_ONCE) as pool:
            self.assessments = list(pool.map(made_ready, range(self.plans)))
        self.stream = StreamReader(self.platform.environment)
        self.before = count_books(self.direct)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.receiver.close()
        if hasattr(self, "stream"):
            self.stream.close()

    def publish_next(self) -> bool:
        """Publish one more plan over HTTP, which lasts as long as the web process is away; False when none is left."""
        if self.published == len(self.assessments):
            return False
        assessment = self.assessments[self.published]
        assessing.publish(assessment, self.teos[assessment.type.teo])
        self.published += 1
        return True

    def publish_in_background(self, pause_s: float) -> None:
        """Publish plan after plan, `pause_s` apart."""

        def run() -> None:
            try:
                while self.publish_next():
                    self._hurry.wait(pause_s)
            except BaseException as error:  # told by finish_publishing
                self.error = error

        self._hurry = threading.Event()
        self._publishing = threading.Thread(target=run, daemon=True)
        self._publishing.start()

    def finish_publishing(self) -> None:
        """Publish the rest without a pause; hold that all of it was taken."""
        self._hurry.set()
        self._publishing.join(PUBLISHED_WITHIN_S)
        assert self.error is None
        assert self.published == self.plans
