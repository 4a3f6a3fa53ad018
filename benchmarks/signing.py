"""Certificates a second, issued and verified, beside `@digitalbazaar/vc`, which merely signs and verifies the same ones.

The product issues as its consumers do (issuing.py), with a worker for each CPU, as it would run here, and with one alone; then it
takes the entries into the log's tree, as its timer does. It verifies as `onex verify` does with a file, in one process. The peer
(peers/digitalbazaar.mjs) is one process: it signs the same credentials without their proofs and verifies them, from memory.
"""

import json
import shutil
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest
from rich.console import Console

from benchmarks import figures, filling, machine
from benchmarks.ground import Ground
from benchmarks.issuing import Message, Workers
from benchmarks.passes import new_passes, new_pilot
from benchmarks.peers.peer import CHECKOUT
from benchmarks.rounds import Round, Spread, take_turns
from onex.chassis import clock, collector, migrating, trace
from onex.chassis.database import Database
from onex.chassis.ids import new_id
from onex.chassis.pii import Vault
from onex.chassis.settings import Settings
from onex.cli.verify import Given
from onex.contracts.assessment import ResultPublished
from onex.messaging import heard
from services.certificates.credentials import contexts, did, queries
from services.certificates.credentials.actions import ensure_keys
from services.certificates.credentials.addresses import issuer_did
from services.certificates.log import bundle, keys
from services.certificates.log import queries as log_queries
from services.certificates.log.actions import sequence
from tests.harness import npm

NAME, PEER = "onex", "@digitalbazaar/vc"
SCRIPT = Path(__file__).parent / "peers" / "digitalbazaar.mjs"
PACKAGES = CHECKOUT / ".onex" / "packages"
"""Where the peer is installed, once."""
SIGNED, BY_ONE, LOGGED = "signed", "signed by one worker", "signed and in the log's tree"
VERIFIED, WHOLE = "verified", "verified with log and status"
MOST_BUNDLES = 500
WARM_UP = 2_000


class Desk:
    """The product's side: the certificates service's own functions on one connection."""

    def __init__(self, ground: Ground) -> None:
        self._ground, self._pilot = ground, new_pilot()
        settings = Settings.for_service("certificates", ground.platform.environment)
        self._vault, self._url = Vault.of(settings), settings.public_url
        self._dsn = ground.make_database("signing")
        self._address = self._dsn.replace("://", "+psycopg://", 1)
        migrating.upgrade("certificates", self._address)
        self._database = Database(self._address, "certificates", pool_size=1)
        with psycopg.connect(self._dsn, autocommit=True) as connection:
            filling.pilot(connection, self._pilot)
        teos = [teo.organization_id for teo in self._pilot.teos]
        with self._database.transaction() as session:
            ensure_keys(session, self._vault, teos)
            self.issuers = [
                did.did_document(issuer_did(self._url, teo_id), queries.keys_of(session, teo_id)) for teo_id in teos
            ]

    def workers(self, count: int) -> Workers:
        """So many workers of the service."""
        return Workers(count, self._address, self._ground.platform.environment)

    def issue(self, workers: Workers, count: int) -> tuple[float, float, list[str]]:
        """Seconds until these workers have committed `count` certificates, and until all are in the log's tree; their
        credentials."""
        messages = [self._message(one) for one in new_passes(self._pilot, self._vault, count)]
        mark = new_id()
        committed_s = workers.issue(messages)
        collector.spare()
        started, more = time.perf_counter(), True
        while more:
            with self._database.transaction() as session:
                more = sequence(session, self._vault, self._url)
        return committed_s, committed_s + time.perf_counter() - started, self._made_since(mark, count)

    def _message(self, event: ResultPublished) -> Message:
        headers = heard.headers_of(
            new_id(), event.type(), "benchmark", str(event.result_id), clock.now(), trace.new_traceparent()
        )
        return headers, event.encode()

    def _made_since(self, mark: Any, count: int) -> list[str]:
        """The credentials of this turn; raises RuntimeError where a row, an entry or an event of it is missing."""
        with psycopg.connect(self._dsn, autocommit=True) as connection:
            made = connection.execute("SELECT credential FROM certificate WHERE id > %s ORDER BY id", [mark]).fetchall()
            seen = connection.execute(
                "SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM log_entry WHERE certificate_id > %s),"
                " (SELECT max(size) FROM log_head) - (SELECT max(index) FROM log_entry)",
                [mark],
            ).fetchone()
            if (len(made), *(seen or ())) != (count, count, count, 1):
                raise RuntimeError(f"{count} were to be issued: {len(made)}; events, entries, head beyond: {seen}")
            connection.execute("TRUNCATE outbox")  # what the relay would have taken away
        return [credential for (credential,) in made]

    def verify(self, credentials: list[str]) -> float:
        """Seconds for each to be read and verified as `onex verify` does, with the issuers' documents in memory."""
        by_did, now = {issuer["id"]: issuer for issuer in self.issuers}, clock.now()
        started = time.perf_counter()
        for text in credentials:
            given = Given()
            given.take(text, "a file")
            given.evidence.issuers = by_did
            found = given.checking.verify(given.credentials[0], given.evidence, now)
            if not given.checking.is_good(found, partial=True) or found[0].outcome != "holds":
                raise RuntimeError(f"not verified: {found}")
        return time.perf_counter() - started

    def verify_in_full(self, credentials: list[str]) -> float:
        """Seconds for as many to be read and verified from their bundles: proof, log and both status lists."""
        numbers = [json.loads(text)["id"].rpartition("/")[2] for text in credentials[:MOST_BUNDLES]]
        with self._database.transaction() as session:
            head = log_queries.head(session)
            ids = [queries.certificate_id(session, number) for number in numbers]
            assert head is not None
            made = [bundle.bundle(session, self._vault, self._url, one, head) for one in ids if one is not None]
            trusted = keys.verifier_keys(session, self._url)
        now, texts = clock.now(), [one.decode() for one in made if one is not None]
        started = time.perf_counter()
        for text in texts:
            given = Given()
            given.take(text, "a file")
            given.evidence.trusted_keys = trusted
            found = given.checking.verify(given.credentials[0], given.evidence, now)
            if not given.checking.is_good(found):  # nothing wrong, and nothing left out
                raise RuntimeError(f"not verified: {found}")
        return (time.perf_counter() - started) / len(texts) * len(credentials)


class DigitalBazaar:
    """The peer's side."""

    def __init__(self, issuers: list[dict[str, Any]]) -> None:
        """Installs it where it is not there yet; raises RuntimeError where the registry cannot be reached."""
        try:
            self._folder = npm.installed(PACKAGES)
        except pytest.skip.Exception as why:
            raise RuntimeError(str(why)) from None
        self._given = {
            "contexts": {address: contexts.context(address) for address in contexts.PINNED},
            "issuers": issuers,
        }
        for script in (SCRIPT, npm.INTEROP / "documents.mjs"):
            shutil.copy(script, self._folder)

    def turn(self, credentials: list[str]) -> dict[str, float]:
        """Seconds to sign these, and to verify them."""
        done = subprocess.run(
            [npm.NODE, SCRIPT.name],
            cwd=self._folder, input=json.dumps(self._given | {"credentials": credentials}).encode(), capture_output=True,
        )  # fmt: skip
        if done.returncode != 0:
            raise RuntimeError(done.stderr.decode()[-2000:])
        seconds: dict[str, float] = json.loads(done.stdout)
        return seconds

    def versions(self) -> dict[str, str]:
        """Of the library, and of what it runs on."""
        library = json.loads((self._folder / "node_modules" / PEER / "package.json").read_text(encoding="utf-8"))
        node = subprocess.run([npm.NODE, "--version"], capture_output=True, text=True, check=True)
        return {PEER: library["version"], "node": node.stdout.strip().removeprefix("v")}


def measure(rounds: int, certificates: int, console: Console) -> dict[str, Any]:
    """Both in turn; of each round the peer gets the credentials that the product has just made."""
    with Ground() as ground, ExitStack() as stack:
        about = machine.describe(ground.postgres_url, ground.amqp_url)
        desk = Desk(ground)
        peer = DigitalBazaar(desk.issuers)
        about["packages"] |= peer.versions()
        one, all_of_them = (stack.enter_context(desk.workers(count)) for count in (1, about["cpus"]))
        made: list[str] = []
        alone: dict[str, list[float]] = {LOGGED: [], WHOLE: []}
        for workers in (one, all_of_them):
            desk.issue(workers, min(certificates, WARM_UP))

        def ours() -> Round:
            ground.checkpoint()
            by_one_s, _, _ = desk.issue(one, certificates)
            ground.checkpoint()
            signed_s, logged_s, made[:] = desk.issue(all_of_them, certificates)
            alone[LOGGED].append(certificates / logged_s)
            alone[WHOLE].append(certificates / desk.verify_in_full(made))
            return Round(NAME, certificates, {SIGNED: signed_s, BY_ONE: by_one_s, VERIFIED: desk.verify(made)})

        def theirs() -> Round:
            seconds = peer.turn(made)
            return Round(PEER, certificates, seconds | {BY_ONE: seconds[SIGNED]})

        def said(turn: Callable[[], Round]) -> Callable[[], Round]:
            def take() -> Round:
                one = turn()
                rates = ", ".join(f"{stage} {one.per_second(stage):,.0f}/s" for stage in one.seconds)
                console.print(f"  {one.side:<18}{rates}", highlight=False)
                return one

            return take

        taken = take_turns({NAME: said(ours), PEER: said(theirs)}, rounds)
    seen = figures.of("signing", about, taken, NAME)
    seen["alone"] = {stage: figures.as_dict(Spread.of(rates)) for stage, rates in alone.items()}
    return seen
