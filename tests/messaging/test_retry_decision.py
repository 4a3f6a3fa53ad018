"""What becomes of an event that could not be handled, by table."""

from typing import Any

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from onex.chassis.problems import NotYetKnown, Refusal
from onex.contracts.event import Undecodable
from onex.messaging.retry import Park, Retry, decide, is_database_away
from onex.messaging.topology import RETRY_DELAYS_S


class Full(Refusal):
    code = "full"


def database_error(driver_error: type[psycopg.Error], *, lost: bool = False) -> DBAPIError:
    """What SQLAlchemy raises for an error of the driver."""
    raised = DBAPIError.instance(
        "SELECT", None, driver_error("身份证 11010519491231002X"), psycopg.Error, connection_invalidated=lost
    )
    assert isinstance(raised, DBAPIError)
    return raised


LOCKED = database_error(psycopg.errors.DeadlockDetected)
TOO_SLOW = database_error(psycopg.errors.QueryCanceled)
FULL_DISK = database_error(psycopg.errors.DiskFull)
TOO_LARGE = database_error(psycopg.errors.ProgramLimitExceeded)
UNIQUE = database_error(psycopg.errors.UniqueViolation)
SHUT_DOWN = database_error(psycopg.errors.AdminShutdown)
NOBODY_THERE = database_error(psycopg.OperationalError)
CUT_OFF = database_error(psycopg.InternalError, lost=True)


@pytest.mark.parametrize(
    ("error", "attempts_before", "verdict"),
    [
        *((NotYetKnown("x"), attempt, Retry(delay_s)) for attempt, delay_s in enumerate(RETRY_DELAYS_S)),
        (NotYetKnown("the type is not known"), 5, Park("retries_exhausted", "NotYetKnown: the type is not known")),
        (NotYetKnown("x"), 99, Park("retries_exhausted", "NotYetKnown: x")),
        (TimeoutError(), 0, Retry(1)),
        (LOCKED, 0, Retry(1)),
        (TOO_SLOW, 4, Retry(1800)),
        (LOCKED, 5, Park("retries_exhausted", "OperationalError")),
        (FULL_DISK, 0, Retry(1)),
        (TOO_LARGE, 0, Park("unexpected_error", "OperationalError")),
        (Full("no room"), 0, Park("full", "no room")),
        (Undecodable("level is missing"), 0, Park("undecodable", "level is missing")),
        (UNIQUE, 0, Park("unexpected_error", "IntegrityError")),
        (ValueError("身份证 11010519491231002X"), 0, Park("unexpected_error", "ValueError")),
    ],
)
def test_what_may_pass_by_itself_is_tried_again_and_the_rest_is_parked(
    error: Exception, attempts_before: int, verdict: Any
) -> None:
    assert decide(error, attempts_before) == verdict


def test_the_delays_are_what_the_architecture_says() -> None:
    assert RETRY_DELAYS_S == (1, 5, 30, 300, 1800)


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (SHUT_DOWN, True),
        (NOBODY_THERE, True),
        (CUT_OFF, True),
        (PoolTimeout(), True),
        (LOCKED, False),
        (TOO_SLOW, False),
        (UNIQUE, False),
        (NotYetKnown(), False),
        (ConnectionError(), False),
    ],
)
def test_only_a_lost_connection_means_that_the_database_is_away(error: Exception, away: bool) -> None:
    assert is_database_away(error) is away


def test_the_drivers_errors_are_of_the_kinds_the_table_means() -> None:
    assert isinstance(LOCKED, OperationalError)
    assert isinstance(UNIQUE, IntegrityError)
