"""The main job from admission to the partner's notice, through public HTTP interfaces only, each caller with its own token."""

import io
import json
import os
import shlex
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from onex.audit.audit import Report, audit, audit_until_clean, count_books
from onex.cli.audit import database_urls, show
from onex.cli.verify import verify_files
from onex.demo import assessing, cast, terms
from onex.demo.assessing import Assessment
from onex.demo.client import Caller, Refused, until_heard
from onex.demo.founding import Founding
from onex.demo.partner import Receiver, StreamReader
from onex.local.platform import Platform

SETTLE_S = 600.0
WATCH_EVERY_S = 0.5
LAST_WORDS_S = 60.0  # what was said last is still on its way out of the outboxes


@dataclass
class Told:
    """What the demo ends with."""

    report: Report
    number: str = ""
    name: str = ""

    @property
    def is_good(self) -> bool:
        return self.report.is_clean and bool(self.number)


class Story:
    """The main job, step by step. `candidates` is the size of all rosters together, mistakes included.

    `on_assessing` is called once, right before the first roster is sent: from then on there is something to lose.
    """

    def __init__(
        self, platform: Platform, console: Console, candidates: int, on_assessing: Callable[[], None] = lambda: None
    ) -> None:
        self.platform, self.console, self.candidates, self.on_assessing = platform, console, candidates, on_assessing
        self.url = platform.url
        self.operator = Caller(self.url, "operator", platform.environment["ONEX_BOOTSTRAP_OPERATOR_SECRET"])
        self.urls = database_urls(platform.environment)

    def tell(self) -> Told:
        """Run every step; raises Refused where the platform refuses what it should take."""
        receiver = Receiver()
        stream: StreamReader | None = None
        try:
            with self._progress() as progress:
                teos, colleges, founding = self._found(progress)
                self._propose_credit(progress, teos, founding)
                self._subscribe(founding, receiver)
                before = audit(self.urls)
                self.on_assessing()
                assessments = self._assess(progress, teos, colleges, founding)
                stream = StreamReader(self.platform.environment)
                started = time.monotonic()
                report = self._publish_and_watch(progress, assessments, teos, before, receiver, stream)
                took_s = time.monotonic() - started
            issued = report.figures["certificates"] - before.figures["certificates"]
            self._say_what_happened(assessments, issued, took_s, receiver, stream)
            number, name = self._ask_as_a_learner(assessments, founding)
            self.console.print()
            show(report, self.console)
            return Told(report, number, name)
        finally:
            receiver.close()
            if stream:
                stream.close()

    def _progress(self) -> Progress:
        columns = (TextColumn("{task.description:<44}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        return Progress(*columns, console=self.console)

    def _found(self, progress: Progress) -> tuple[dict[str, Caller], dict[str, Caller], Founding]:
        # A type, two sites, a fee ceiling, and with each of two colleges a fee agreement and a quota.
        total = len(cast.PROVINCES) + len(cast.TEOS) + len(cast.COLLEGES) + 8 * len(cast.TYPES)
        task = progress.add_task("1 registry: who takes part, on what terms", total=total)
        tick = lambda _: progress.advance(task)  # noqa: E731
        founding = Founding(self.url, self.operator, self.platform.home / "demo-clients.json", tick)
        until_heard(lambda: self.operator.get("/registry/v1/organizations"))
        provinces = founding.provinces()
        teos = founding.teos()
        colleges = founding.colleges(provinces)
        founding.types(teos)
        founding.sites(teos, colleges, provinces)
        terms.settle(founding, teos, colleges, provinces)
        return teos, colleges, founding

    def _propose_credit(self, progress: Progress, teos: dict[str, Caller], founding: Founding) -> None:
        task = progress.add_task("2 creditbank: credit records proposed, approved", total=len(cast.TYPES))
        for one in cast.TYPES:
            body = {
                "certificate_type_id": founding.ids[f"type-{one.code}"],
                "level": one.level,
                "standard_version": "1.0",
                "credit_hundredths": one.credit_hundredths,
                "hours": 64,
                "rationale": "按学习时长与能力水平折算",
            }
            try:
                proposal = until_heard(partial(self._propose, teos[one.teo], body))
            except Refused as refused:
                if refused.code != "proposal_exists":
                    raise
            else:
                if proposal:
                    self.operator.post(f"/creditbank/v1/proposals/{proposal['id']}/approval")
            progress.advance(task)

    @staticmethod
    def _propose(teo: Caller, body: dict[str, Any]) -> Any:
        try:
            return teo.post("/creditbank/v1/proposals", body)
        except Refused as refused:
            if refused.code == "proposal_exists":  # an earlier run's
                return None
            raise

    def _subscribe(self, founding: Founding, receiver: Receiver) -> None:
        partner = founding.client("partner-talent-market", "partner")
        for old in list(partner.pages("/notifications/v1/subscriptions")):
            partner.call("DELETE", f"/notifications/v1/subscriptions/{old['id']}")
        body = {"url": receiver.url, "events": ["certificate_issued"]}
        receiver.secret = partner.post("/notifications/v1/subscriptions", body)["secret"]

    def _assess(
        self, progress: Progress, teos: dict[str, Caller], colleges: dict[str, Caller], founding: Founding
    ) -> list[Assessment]:
        task = progress.add_task("3 assessment: rosters read", total=self.candidates)
        each = self.candidates // len(cast.TYPES)
        assessments = []
        run = int.from_bytes(os.urandom(3))
        for place, one in enumerate(cast.TYPES):
            assessment = assessing.open_plan(teos[one.teo], one, founding.ids)
            size = each if place else self.candidates - each * (len(cast.TYPES) - 1)
            assessing.send_rosters(
                assessment, teos[one.teo], colleges, size, run * 10 + place, lambda n: progress.advance(task, n)
            )
            assessments.append(assessment)
        task = progress.add_task("4 assessment: scores taken in", total=sum(a.registered for a in assessments))
        for place, assessment in enumerate(assessments):
            assessing.send_scores(assessment, teos[assessment.type.teo], run * 10 + place)
            progress.advance(task, assessment.registered)
        return assessments

    def _publish_and_watch(
        self, progress: Progress, assessments: list[Assessment], teos: dict[str, Caller], before: Report,
        receiver: Receiver, stream: StreamReader,
    ) -> Report:  # fmt: skip
        """Publish all results, then watch certificates, credit and notices arrive by themselves."""
        registered = sum(one.registered for one in assessments)
        published = progress.add_task("5 assessment: results published", total=registered)
        books = ("certificates", "deposits", "notices")
        titles = (
            "6 certificates: issued and signed",
            "7 creditbank: credit booked",
            "8 notifications: notices recorded",
        )
        tasks = {book: progress.add_task(title, total=None) for book, title in zip(books, titles, strict=True)}
        delivered = progress.add_task("9 partner: webhooks received, signatures right", total=None)
        jobs = [(one, assessing.publish(one, teos[one.type.teo])) for one in assessments]
        done = 0
        for one, path in jobs:
            base = done
            seen = lambda job, base=base: progress.update(published, completed=base + job["accepted"])  # noqa: E731
            teos[one.type.teo].wait_job(path, seen)
            done += one.registered
            progress.update(published, completed=done)
        deadline = time.monotonic() + SETTLE_S
        while time.monotonic() < deadline:
            counts = count_books(self.urls)
            expected = counts["passes"] - before.figures["passes"]
            for book, task in tasks.items():
                progress.update(task, completed=counts[book] - before.figures[book], total=expected)
            progress.update(delivered, completed=len(receiver.received), total=expected)
            all_here = len(set(counts.values())) == 1 and stream.seen >= counts["certificates"]
            if all_here and len(receiver.received) >= expected:
                return audit_until_clean(self.urls, LAST_WORDS_S)
            time.sleep(WATCH_EVERY_S)
        return audit_until_clean(self.urls, 0)

    def _say_what_happened(
        self, assessments: list[Assessment], issued: int, took_s: float, receiver: Receiver, stream: StreamReader
    ) -> None:
        registered = sum(one.registered for one in assessments)
        refused: Counter[str] = Counter()
        for one in assessments:
            refused.update(one.refused)
        say = self.console.print
        say("\n[bold]What happened[/bold]")
        say(
            f"  Rosters: {self.candidates:,} rows, {registered:,} candidates registered, {refused.total():,} cells refused"
        )
        for code, count in refused.most_common():
            say(f"    {count:>6,}  {code}")
        say(
            f"  {issued:,} of them passed; from publication to the last notice {took_s:.1f} s ({issued / took_s:,.0f}/s)"
        )
        say(
            f"  Partner: {receiver.deliveries:,} signed webhooks, {len(receiver.received):,} different, {receiver.forged} forged"
        )
        say(f"  Partner stream since its first event: {stream.seen:,} (read by examples/partner.py)")

    def _ask_as_a_learner(self, assessments: list[Assessment], founding: Founding) -> tuple[str, str]:
        """A learner looks at the statement, and anyone at all inquires by number and name."""
        for candidate in assessments[0].candidates[:50]:
            document = {"document_type": "RIC", "document_number": candidate.document_number}
            learner = founding.client(f"learner-{os.urandom(6).hex()}", "learner", learner=document)
            mine = until_heard(partial(learner.get, "/certificates/v1/my-certificates"))["items"]
            if not mine:
                continue  # did not pass
            statement = learner.get("/creditbank/v1/my-statement")
            balance = statement["balance_hundredths"] / 100
            number = mine[0]["number"]
            public = Caller(self.url)
            answer = public.post("/certificates/v1/inquiries", {"number": number, "name": candidate.name})
            wrong = public.post("/certificates/v1/inquiries", {"number": number, "name": "王不对"})
            if not answer["found"] or wrong["found"]:
                raise RuntimeError("the inquiry did not answer as it should")
            say = self.console.print
            say(f"\n[bold]A learner[/bold]: {balance:.2f} credits booked; certificate {number}")
            say(f"  Anyone may inquire: number {number}, name {candidate.name}")
            say(f"  {self.url}/certificates/inquiry/{number}")
            self._verify_offline(public, number, candidate.name)
            return number, candidate.name
        return "", ""

    def _verify_offline(self, public: Caller, number: str, name: str) -> None:
        """Whoever has the certificate's file needs the platform no more: it is checked as `onex verify` does."""
        credential = f"/certificates/v1/credentials/{number}"
        bundle = until_heard(partial(public.get, f"{credential}/bundle"))  # the log takes it in within seconds
        file = self.platform.home / "certificate.json"
        file.write_text(json.dumps(bundle, ensure_ascii=False), encoding="utf-8")
        keys = [one["vkey"] for one in public.get("/certificates/v1/log/keys")["keys"]]
        findings = Console(file=io.StringIO())
        if not verify_files([file], findings, log_keys=keys, name=name, online=False, partial=False):
            raise RuntimeError(f"{file} does not verify:\n{findings.file.getvalue()}")  # type: ignore[attr-defined]
        say = partial(self.console.print, soft_wrap=True)
        say(f"  Its signed credential: {self.url}{credential}")
        say(f"  The public log that holds it: {self.url}/certificates/v1/log/checkpoint")
        say("  Verified without a network: signature, holder's name, place in the log, status. Try it:")
        say(f"    .venv/bin/onex verify {os.path.relpath(file)} --name {shlex.quote(name)}", highlight=False)
