"""What is done ahead gives its result, or its error, to whoever asks for it."""

import threading

import pytest

from onex.chassis.ahead import Ahead


def test_the_result_is_there_whenever_it_is_asked_for() -> None:
    ahead = Ahead(lambda: "judged")
    assert (ahead.result(), ahead.result()) == ("judged", "judged")


def test_it_runs_beside_its_caller() -> None:
    went_on = threading.Event()
    ahead = Ahead(lambda: went_on.wait(timeout=60))
    went_on.set()  # a call that ran before its caller went on would have waited for this in vain
    assert ahead.result() is True


def test_an_error_is_raised_where_the_result_is_asked_for() -> None:
    def refuse() -> None:
        raise ValueError("too many rows")

    ahead = Ahead(refuse)
    for _ in range(2):
        with pytest.raises(ValueError, match="too many rows"):
            ahead.result()
