"""A job's doors hold neither its file nor its refused rows in memory."""

import tracemalloc
import uuid
from collections.abc import Callable

import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from onex.chassis import jobs
from onex.chassis.access import Role
from tests.harness.service import Service, json_of

MIB = 2**20


@pytest.fixture
def registry(service: Callable[[str], Service]) -> Service:
    return service("registry")


def a_job(registry: Service, source: bytes = b"", refused: int = 0) -> str:
    """The address of a job with this source, of which so many rows have been refused."""
    with registry.database.transaction() as session:
        job_id: uuid.UUID = jobs.accept(
            session, registry.vault, "test", owner_id=None, created_by="test", parameters={}, source=source
        )
        session.execute(
            text(
                "INSERT INTO job_refusal (job_id, row_number, column_name, code, reason, reason_zh, value_excerpt, heading)"
                " SELECT :id, n, 'name', 'empty', repeat('x', 200), '空', '=1', '姓名' FROM generate_series(1, :refused) n"
            ),
            {"id": job_id, "refused": refused},
        )
    return f"/registry/v1/jobs/{job_id}"


def peak_of(registry: Service, path: str) -> tuple[int, TestResponse, int]:
    """The most memory that was needed to ask and to read the answer piece by piece, the answer, its length."""
    registry.call("GET", path, role=Role.OPERATOR, expect=200)  # what is loaded once
    tracemalloc.start()
    answer = registry.call("GET", path, role=Role.OPERATOR, expect=200)
    length = sum(map(len, answer.response))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak, answer, length


def test_how_far_a_job_is_is_told_without_its_file(registry: Service) -> None:
    path = a_job(registry, source=b"x" * (20 * MIB))
    peak, _, _ = peak_of(registry, path)
    assert peak < 5 * MIB
    told = json_of(registry.call("GET", path, role=Role.OPERATOR))
    assert (told["kind"], told["state"], told["position"], told["refused"]) == ("test", "queued", 0, 0)
    assert told["refusals_url"] == f"{path}/refusals.csv"


def test_refused_rows_are_sent_in_bounded_memory(registry: Service) -> None:
    peak, answer, length = peak_of(registry, a_job(registry, refused=50_000) + "/refusals.csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert length > 10 * MIB
    assert peak < 5 * MIB


def test_refused_rows_are_those_of_the_job_in_order(registry: Service) -> None:
    a_job(registry, refused=3)
    answer = registry.call("GET", a_job(registry, refused=1_200) + "/refusals.csv", role=Role.OPERATOR)
    lines = answer.get_data().decode("utf-8-sig").splitlines()
    assert lines[0] == "row,column,code,reason,原因,value excerpt"
    assert [line.partition(",")[0] for line in lines[1:]] == [str(n) for n in range(1, 1_201)]
    assert lines[1].endswith(",空,'=1")
