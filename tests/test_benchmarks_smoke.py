"""The measures keep working: their arithmetic, their receiver, the floor's bytes, and one whole run in small.

No figure is looked at.
"""

import http.client
import json
import os
import subprocess
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks import bars, report, wire
from benchmarks.floor_credential import Template, status
from benchmarks.floor_issuing import LoggedIssue
from benchmarks.memory import Peak
from benchmarks.receiver import Receiver
from benchmarks.rounds import Round, Spread, cpu, cpu_ratio, percentile, ratio, spread, take_turns
from benchmarks.signing import PACKAGES
from benchmarks.watch import Stalled, watch
from services.certificates.credentials import certificate_credential as credential
from services.certificates.credentials import keys
from services.certificates.credentials.signing import Signer, verify
from services.certificates.log import entries
from services.certificates.standing.entries import credential_status
from services.certificates.standing.positions import Position
from tests.harness import npm

CHECKOUT = Path(__file__).resolve().parents[1]


def a_round(side: str, count: int, seconds: float) -> Round:
    return Round(side, count, {"complete": seconds}, {"worker": seconds * 1e6 / count})


def test_sides_take_turns_so_that_a_disturbance_meets_all_of_them() -> None:
    taken = take_turns({"a": lambda: a_round("a", 1, 1), "b": lambda: a_round("b", 1, 1)}, 3)
    assert [one.side for one in taken] == ["a", "b"] * 3


def test_rates_and_ratios_are_medians_with_their_range_and_compare_neighbours() -> None:
    taken = [a_round("a", 100, 1), a_round("b", 10, 1), a_round("a", 100, 2), a_round("b", 10, 10)]
    taken += [a_round("a", 100, 4), a_round("b", 10, 2)]
    assert spread(taken, "a", "complete") == Spread(50, 25, 100)
    assert ratio(taken, "a", "b", "complete") == Spread(10, 5, 50)
    assert cpu(taken, "a") == {"worker": 20_000}
    assert cpu_ratio(taken, "a", "b") == Spread(10, 5, 50)


def test_no_median_is_taken_of_nothing() -> None:
    with pytest.raises(ValueError, match="no values"):
        spread([], "a", "complete")


@pytest.mark.parametrize(("share", "expected"), [(0.5, 50), (0.99, 99), (1.0, 100), (0.0, 1)])
def test_a_percentile_is_a_value_that_was_seen(share: float, expected: int) -> None:
    assert percentile(range(1, 101), share) == expected


def test_more_than_went_in_is_no_success() -> None:
    with pytest.raises(Stalled, match="3 of 2"):
        watch({"booked": lambda: 3}, 2, 0.0)


def test_the_receiver_counts_each_webhook_of_a_side_once_over_one_connection() -> None:
    receiver = Receiver()
    try:
        one, other = str(uuid.uuid4()), str(uuid.uuid4())
        connection = http.client.HTTPConnection("127.0.0.1", receiver.port, timeout=10)
        for side, webhook_id in (("ours", one), ("ours", one), ("ours", other), ("theirs", one)):
            connection.request("POST", f"/{side}", body=b"{}" * 40_000, headers={"webhook-id": webhook_id})
            answer = connection.getresponse()
            assert (answer.status, answer.read()) == (204, b"")
        connection.close()
        assert (receiver.count("ours"), receiver.count("theirs"), receiver.count("nobody")) == (2, 1, 0)
        assert set(receiver.arrivals("ours")) == {one, other}
    finally:
        receiver.stop()


def test_the_floor_signs_the_bytes_that_the_product_signs() -> None:
    secret, at = keys.new_secret(), datetime(2026, 11, 21, 8, 30, 15, 250_000, UTC)
    issuer = credential.issuer("did:web:onex.example", "教育中心 Centre")
    achievement = credential.achievement(
        url="https://onex.example/t", type_name="前端 Front", type_serial="004", level=2, criteria="合格", version="1.0"
    )
    bit, template = Position(3, 70_000), Template(secret, issuer, achievement, at, at)
    stands = status("https://onex.example", bit)
    made = json.loads(template.make(b"https://onex.example/1", "张三".encode(), stands))
    unsigned = credential.certificate_credential(
        url="https://onex.example/1",
        issuer=issuer,
        achievement=achievement,
        holder_name="张三",
        salt=made["credentialSubject"]["identifier"][0]["salt"],
        issued_at=at,
        status=credential_status("https://onex.example", bit)[0],
    )
    public = keys.public_multibase(keys.public_of(secret))
    assert made == Signer(secret, f"{issuer['id']}#{public}").sign(unsigned, at)
    verify(made, public)


def test_the_floor_logs_the_bytes_that_the_product_logs() -> None:
    did, at = "did:web:onex.example:certificates:v1:issuers:7", datetime(2026, 11, 21, 8, 30, 15, 250_000, UTC)
    signed = '{"name":"前端"}'.encode()
    assert LoggedIssue(did, at).entry(signed) == entries.entry("issued", entries.digest_of(signed), did, at)


def test_the_peak_of_memory_is_that_of_the_process_since_it_is_watched() -> None:
    bytearray(64 << 20)  # taken and given back before anybody watches
    peak = Peak(os.getpid())
    before = peak.mib()
    kept = bytearray(b"1") * (48 << 20)
    assert peak.mib() >= before + 40
    del kept
    assert peak.mib() >= before + 40


def test_the_floor_sends_no_body_that_needs_two_frames() -> None:
    with pytest.raises(ValueError, match="too large"):
        wire.message(wire.publish_method("issued", "certificate_issued"), "1", bytes(200_000))


def test_the_page_says_which_measures_are_missing() -> None:
    assert report.page(lambda _: None).count("Not measured yet.") == len(report.MEASURES)


def test_the_kept_page_is_that_of_the_kept_results() -> None:
    assert report.PAGE.read_text(encoding="utf-8") == report.page(report.kept)


@pytest.mark.parametrize(("median", "held"), [(0.49, False), (0.5, True), (0.9, True)])
def test_a_bar_is_held_from_its_figure_on(median: float, held: bool) -> None:
    found = {"median": median, "least": 0.1, "most": 1.0}
    (one,) = bars.judged({"measure": "bus", "ratio": {"floor": {"complete": found}}})
    assert (one.found, one.held) == (found, held)


def run(folder: Path, measure: str, *options: str) -> list[tuple[str, int]]:
    """Run a measure as one round in small; who took part, with how many items. Its tables can be written."""
    command = [sys.executable, "-m", "benchmarks.run", measure, "--rounds", "1", *options, "--results", str(folder)]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    seen = json.loads((folder / f"{measure}.json").read_text(encoding="utf-8"))
    assert seen["command"] in report.markdown(seen)
    return [(one["side"], one["count"]) for one in seen["rounds"]]


def test_the_bus_measure_runs_from_servers_to_results_file(tmp_path: Path) -> None:
    sides = run(tmp_path, "bus", "--events", "20", "--peer-events", "2", "--only-nameko")
    assert sides == [("onex", 20), ("floor", 20), ("stock nameko", 2)]


@pytest.mark.bench
def test_the_pipeline_measure_runs_from_servers_to_results_file(tmp_path: Path) -> None:
    sides = run(tmp_path, "pipeline", "--certificates", "20", "--peer-certificates", "2", "--only-nameko")
    assert sides == [("onex", 20), ("floor", 20), ("floor, packing", 20), ("stock nameko", 2)]


@pytest.mark.bench
@pytest.mark.parametrize(
    ("measure", "options", "sides"),
    [
        ("webhooks", ("--certificates", "20", "--peer-certificates", "2", "--only-nameko"), ["onex", "stock nameko"]),
        ("signing", ("--certificates", "40"), ["onex", "@digitalbazaar/vc"]),
        ("verify", ("--inquiries", "40"), ["onex", "bare WSGI", "nameko's HTTP"]),
        ("import", ("--rows", "200"), ["onex", "bare parse + COPY"]),
        ("elsewhere", ("--rows", "200"), ["200 rows", "20 rows"]),
        ("latency", ("--singles", "2", "--load", "20"), ["idle", "under load"]),
        ("growth", ("--first", "1000", "--size", "2000"), ["1,000 rows", "2,000 rows"]),
        ("audit", ("--size", "300", "--size", "1500"), ["300 certificates", "1,500 certificates"]),
    ],
)
def test_every_measure_runs(tmp_path: Path, measure: str, options: tuple[str, ...], sides: list[str]) -> None:
    if measure == "signing":
        npm.installed(PACKAGES)  # skips where there is no registry to be reached
    assert [side for side, _ in run(tmp_path, measure, *options)] == sides
