"""`--report FILE`: a page to keep of what a run of the tests broke, and what it found.

A test says its figures with `found(lost=0)`. Of their names `size`, `seed`, `broken` (what was broken) and `deaths` (by way and
step: how often a process ended there) have a place of their own; any other is an outcome (`lost`, `drained_after_s`). Cases of
one test that name the same size are one row.
"""

import os
import shlex
import subprocess
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import pytest

from benchmarks import machine

CHECKOUT = Path(__file__).resolve().parents[2]
VERDICTS = ("failed", "skipped", "passed")
LONGEST = "longest_"  # a figure that is named so is the greatest of its cases, any other number is their sum
_SPECIAL = ("size", "seed", "broken", "deaths")


class Found(Protocol):
    """Says figures of the test that asks for it."""

    def __call__(self, **figures: Any) -> None: ...


@pytest.fixture
def found(record_property: Callable[[str, object], None]) -> Found:
    def say(**figures: Any) -> None:
        for name, value in figures.items():
            record_property(name, _plain(value))

    return say


def _plain(value: Any) -> Any:
    """What one process can tell another: nothing but numbers, texts, lists and dictionaries."""
    if isinstance(value, Mapping):
        return {_plain(key): _plain(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    if isinstance(value, list):
        return list(map(_plain, value))
    return value if value is None or type(value) in (bool, int, float) else str(value)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--report", metavar="FILE", help="write a page on this run: versions, what was broken, what was found"
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--report") and not config.getoption("--collect-only") and not _is_lane(config):
        config.pluginmanager.register(Reporting(Path(config.getoption("--report"))), Reporting.__name__)


def ran_on(config: pytest.Config, environment: Mapping[str, str]) -> None:
    """Note the machine and the versions of the servers that the tests use; a fixture that has started them says so."""
    reporting = config.pluginmanager.get_plugin(Reporting.__name__)
    if isinstance(reporting, Reporting) and not reporting.machine:
        reporting.machine = _described(environment)
    elif _is_lane(config) and config.getoption("--report"):
        config.workeroutput["machine"] = _described(environment)


def _is_lane(config: pytest.Config) -> bool:
    """Whether this is one of several processes that run the tests; the one that started them writes the page."""
    return hasattr(config, "workerinput")


def _described(environment: Mapping[str, str]) -> dict[str, Any]:
    database = environment["ONEX_DATABASE_URL_REGISTRY"].replace("+psycopg", "", 1)
    return machine.describe(database, environment["ONEX_AMQP_ADMIN_URL"])


@dataclass
class Case:
    """One test with one set of parameters."""

    file: str
    name: str
    case: str
    is_fault: bool
    seconds: float = 0.0
    verdict: str = "passed"
    why: str = ""
    told: dict[str, Any] = field(default_factory=dict)

    def add(self, report: pytest.TestReport) -> None:
        """One of its three phases is over."""
        self.seconds += report.duration
        self.told.update(report.user_properties)
        self.verdict = min(self.verdict, report.outcome, key=VERDICTS.index)
        if report.skipped and isinstance(report.longrepr, tuple):
            self.why = report.longrepr[2].removeprefix("Skipped: ")
        elif report.failed:
            crash = getattr(report.longrepr, "reprcrash", None)
            self.why = crash.message.partition("\n")[0] if crash else "an error before or after it"

    @property
    def size(self) -> str:
        return str(self.told.get("size", self.case))


class Reporting:
    """Listens to a run, and writes the page when it has come to its end."""

    def __init__(self, file: Path) -> None:
        self.file, self.began = file, datetime.now(UTC)
        self.commit, self.load_before = _commit(), os.getloadavg()[0]
        self.machine: dict[str, Any] = {}
        self.cases: dict[str, Case] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.nodeid not in self.cases:
            file, _, rest = report.nodeid.partition("::")
            name, _, case = rest.partition("[")
            self.cases[report.nodeid] = Case(file, name, case.removesuffix("]"), "fault" in report.keywords)
        self.cases[report.nodeid].add(report)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """A lane has come to its end."""
        self.machine = self.machine or getattr(node, "workeroutput", {}).get("machine", {})

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """A run that was broken off says nothing, and overwrites no page."""
        broken_off = session.shouldstop or session.shouldfail
        if self.cases and exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) and not broken_off:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            self.file.write_text("\n".join(self._page(session.config)) + "\n", encoding="utf-8")

    def _page(self, config: pytest.Config) -> Iterator[str]:
        command = os.environ.get("ONEX_COMMAND") or f"pytest {shlex.join(config.invocation_params.args)}"
        now = datetime.now(UTC)
        verdicts = Counter(case.verdict for case in self.cases.values())
        yield f"# What `{command}` found"
        yield ""
        yield from _table(["", ""], [
            ["commit", self.commit],
            ["begun", f"{self.began:%Y-%m-%d %H:%M} UTC; took {_minutes((now - self.began).total_seconds())}"],
            ["machine", self._machine()],
            ["result", ", ".join(f"{verdicts[one]} {one}" for one in reversed(VERDICTS))],
        ])  # fmt: skip
        yield from self._in_short()
        yield from self._faults([case for case in self.cases.values() if case.is_fault])

    def _machine(self) -> str:
        if not self.machine:
            return f"{os.cpu_count()} CPUs; no servers were used"
        template = (
            "{cpus} CPUs ({cpu_model}), {memory_gib} GiB; Python {python}, PostgreSQL {postgresql}, RabbitMQ {rabbitmq}"
        )
        loads = f"load {self.load_before:.1f} before and {os.getloadavg()[0]:.1f} after it"
        return f"{template.format(**self.machine)}; {loads}"

    def _in_short(self) -> Iterator[str]:
        folders: dict[str, list[Case]] = defaultdict(list)
        for case in self.cases.values():
            folders[str(Path(case.file).parent)].append(case)
        rows = []
        for folder, cases in sorted(folders.items()):
            counts = Counter(case.verdict for case in cases)
            took = _minutes(sum(case.seconds for case in cases))
            rows.append([f"`{folder}`", *(str(counts[one] or "") for one in reversed(VERDICTS)), took])
        yield from ("", "## By folder", "")
        yield from _table(["folder", *reversed(VERDICTS), "took"], rows)
        left = {nodeid: case for nodeid, case in self.cases.items() if case.verdict != "passed"}
        if left:
            yield from ("", "## Not passed", "")
            yield from (f"- {case.verdict}: `{nodeid}`: {case.why}" for nodeid, case in left.items())

    def _faults(self, cases: list[Case]) -> Iterator[str]:
        if not cases:
            return
        groups: dict[tuple[str, str, str], list[Case]] = defaultdict(list)
        for case in cases:
            groups[case.file, case.name, case.size].append(case)
        rows = []
        for (file, name, size), group in groups.items():
            counts = Counter(case.verdict for case in group)
            result = (
                counts.most_common(1)[0][0] if len(counts) == 1 else ", ".join(f"{n} {v}" for v, n in counts.items())
            )
            many = f"{len(group)} cases: " if len(group) > 1 else ""
            rows.append([
                f"{_words(name)} (`{file.removeprefix('tests/')}`)", size, _distinct(group, "seed"), _distinct(group, "broken"),
                ", ".join(_figures(group)), f"{many}{result}", _minutes(sum(case.seconds for case in group)),
            ])  # fmt: skip
        yield from ("", "## What was broken, and what was found", "")
        yield from _table(["test", "size", "seed", "broken", "found", "result", "took"], rows)
        yield from self._deaths(cases)

    def _deaths(self, cases: list[Case]) -> Iterator[str]:
        """How often a process ended at each step, by test and way."""
        ended: dict[str, Counter[str]] = defaultdict(Counter)
        for case in cases:
            for way, counts in case.told.get("deaths", {}).items():
                if counts:
                    ended[f"`{Path(case.file).name}`, {way}"].update(counts)
        if not ended:
            return
        steps = sorted({step for counts in ended.values() for step in counts}, key=_numbered)
        rows = [[f"`{step}`", *(str(counts[step] or "") for counts in ended.values())] for step in steps]
        rows.append(["together", *(str(counts.total()) for counts in ended.values())])
        yield from ("", "## Where a process ended", "")
        yield from _table(["step", *ended], rows)


def _commit() -> str:
    """The checkout's commit, and whether its files are as they are there."""

    def git(*arguments: str) -> str:
        return subprocess.run(
            ["git", *arguments], cwd=CHECKOUT, capture_output=True, text=True, check=True
        ).stdout.strip()

    try:
        changed = len(git("status", "--porcelain").splitlines())
        return git("rev-parse", "--short=12", "HEAD") + (f", and {changed} files changed since" if changed else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown: not a git checkout"


def _figures(group: list[Case]) -> Iterator[str]:
    """The outcomes of a group of cases, in the order in which they were told."""
    names = dict.fromkeys(name for case in group for name in case.told if name not in _SPECIAL)
    for name in names:
        values = [case.told[name] for case in group if name in case.told]
        if any(isinstance(value, str) for value in values):
            shown = "; ".join(dict.fromkeys(map(str, values)))
        else:
            total = max(values) if name.startswith(LONGEST) else sum(values)
            shown = f"{total:,.1f}" if isinstance(total, float) else f"{total:,}"
        plain = name.removesuffix("_s").replace("_", " ")
        yield f"{plain} {shown} s" if name.endswith("_s") else f"{plain} {shown}"


def _distinct(group: Iterable[Case], name: str) -> str:
    return ", ".join(dict.fromkeys(str(case.told[name]) for case in group if name in case.told))


def _words(name: str) -> str:
    return name.removeprefix("test_").replace("_", " ")


def _numbered(step: str) -> tuple[int, ...]:
    return tuple(int(part) for part in step.partition("-")[0].split("."))


def _minutes(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def _table(heading: list[str], rows: list[list[str]]) -> list[str]:
    lines = [heading, ["---"] * len(heading), *rows]
    return [f"| {' | '.join(line)} |" for line in lines]
