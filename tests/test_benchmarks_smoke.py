"""The measures keep working: their arithmetic, their receiver, and one whole run in small. No figure is looked at."""

import http.client
import json
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from benchmarks.receiver import Receiver
from benchmarks.rounds import Round, Spread, cpu, cpu_ratio, ratio, spread, take_turns
from benchmarks.watch import Stalled, watch

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
    finally:
        receiver.stop()


def test_the_pipeline_measure_runs_from_servers_to_results_file(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.run", "pipeline", "--rounds", "1", "--certificates", "40"]
    done = subprocess.run(
        [*command, "--peer-certificates", "5", "--results", str(tmp_path)], cwd=CHECKOUT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    seen = json.loads((tmp_path / "pipeline.json").read_text(encoding="utf-8"))
    assert [(one["side"], one["certificates"]) for one in seen["rounds"]] == [("onex", 40), ("stock nameko", 5)]
    assert all(one["seconds"]["complete"] >= one["seconds"]["booked"] for one in seen["rounds"])
