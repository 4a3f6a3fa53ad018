"""The documents of a whole sitting: who gets which, what comes back, and what a dying process leaves."""

import csv
import io
import os
import signal
import subprocess
import sys
import time
import uuid
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import text

from onex.chassis.access import Role
from onex.local.platform import Platform
from onex.messaging.steps import Step
from services.certificates.documents import bundles, printing
from services.certificates.issuing import numbers
from tests.certificates.documents.conftest import Issue, stand
from tests.certificates.documents.reading import Reader
from tests.certificates.given import Pilot
from tests.harness.service import json_of

API = "/certificates/v1"
ORDERS = f"{API}/documents/bundles"
OPERATOR: dict[str, Any] = {"role": Role.OPERATOR}


@pytest.fixture
def sitting_id() -> uuid.UUID:
    return uuid.uuid4()


def teo(pilot: Pilot) -> dict[str, Any]:
    return {"role": Role.TEO, "organization_id": pilot.teo_id}


def college(pilot: Pilot) -> dict[str, Any]:
    return {"role": Role.COLLEGE, "organization_id": pilot.college_id}


def order(pilot: Pilot, sitting_id: uuid.UUID, expect: int = 202, **who: Any) -> Any:
    body = {"sitting_id": str(sitting_id)}
    return json_of(pilot.certificates.call("POST", ORDERS, json=body, expect=expect, **(who or OPERATOR)))


def progress(pilot: Pilot, job: Any, **who: Any) -> Any:
    return json_of(pilot.certificates.call("GET", f"{API}/jobs/{job['id']}", expect=200, **(who or OPERATOR)))


def download(pilot: Pilot, job: Any, expect: int = 200, **who: Any) -> bytes:
    path = f"{ORDERS}/{job['id']}/certificates.zip"
    return pilot.certificates.call("GET", path, expect=expect, **(who or OPERATOR)).get_data()


def files_in(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name) for name in opened.namelist()}


def pdfs_in(archive: bytes) -> dict[str, bytes]:
    return {name: content for name, content in files_in(archive).items() if name.endswith(".pdf")}


def hear(pilot: Pilot, sitting_id: uuid.UUID, count: int) -> None:
    pilot.certificates.hear(*(pilot.result(f"第{at}人", sitting_id=sitting_id) for at in range(count)))
    pilot.certificates.fire("sequence_log")


def kept(pilot: Pilot) -> tuple[int, int]:
    """How many bundles and documents the database holds."""
    with pilot.certificates.database.session() as session:
        counts = session.execute(
            text("SELECT (SELECT count(*) FROM document_bundle), (SELECT count(*) FROM bundled_document)")
        ).one()
    return counts[0], counts[1]


def test_a_sitting_is_one_zip_of_the_documents_that_the_doors_give(
    pilot: Pilot, issue: Issue, sitting_id: uuid.UUID
) -> None:
    given = {issue(name, sitting_id=sitting_id): name for name in ("张三", "欧阳/娜娜", "山𠮷")}
    issue("李四")  # of another sitting
    job = order(pilot, sitting_id, **teo(pilot))
    assert (job["state"], job["kind"]) == ("queued", bundles.KIND)
    pilot.certificates.run_jobs()
    done = progress(pilot, job, **teo(pilot))
    assert (done["state"], done["total"], done["accepted"], done["refused"]) == ("done", 3, 3, 0)
    archive = download(pilot, job, **teo(pilot))
    found = pdfs_in(archive)
    assert set(found) == {f"{numbers.grouped(one)} {name.replace('/', '_')}.pdf" for one, name in given.items()}
    for number in given:
        path = f"{API}/certificates/{number}/document.pdf"
        one = pilot.certificates.call("GET", path, expect=200, **teo(pilot)).get_data()
        assert next(pdf for name, pdf in found.items() if numbers.grouped(number) in name) == one
    listed = list(csv.DictReader(io.StringIO(files_in(archive)["certificates.csv"].decode("utf-8-sig"))))
    assert [(row["number"], row["name"]) for row in listed] == sorted(
        (numbers.grouped(one), name) for one, name in given.items()
    )
    assert {row["file"] for row in listed} == set(found)


@pytest.mark.parametrize("who", ["teo", "college", "operator"])
def test_each_caller_gets_its_own_certificates(pilot: Pilot, issue: Issue, sitting_id: uuid.UUID, who: str) -> None:
    mine, elsewhere = (
        issue("张三", sitting_id=sitting_id),
        issue("李四", sitting_id=sitting_id, college_id=uuid.uuid4()),
    )
    caller = {"teo": teo(pilot), "college": college(pilot), "operator": OPERATOR}[who]
    job = order(pilot, sitting_id, **caller)
    pilot.certificates.run_jobs()
    found = {name[:24] for name in pdfs_in(download(pilot, job, **caller))}
    expected = {mine} if who == "college" else {mine, elsewhere}
    assert found == {numbers.grouped(one) for one in expected}


def test_strangers_can_neither_order_nor_have_a_bundle(pilot: Pilot, issue: Issue, sitting_id: uuid.UUID) -> None:
    issue(sitting_id=sitting_id)
    for stranger in (
        {"role": Role.TEO, "organization_id": uuid.uuid4()},
        {"role": Role.COLLEGE, "organization_id": uuid.uuid4()},
    ):
        assert order(pilot, sitting_id, 404, **stranger)["code"] == "not_found"
    job = order(pilot, sitting_id, **teo(pilot))
    pilot.certificates.run_jobs()
    for stranger in (college(pilot), {"role": Role.TEO, "organization_id": uuid.uuid4()}):
        download(pilot, job, 404, **stranger)
    for role in (Role.LEARNER, Role.MINISTRY, Role.PROVINCE, Role.PARTNER):
        download(pilot, job, 403, role=role)
        order(pilot, sitting_id, 403, role=role)
    pilot.certificates.call("POST", ORDERS, json={"sitting_id": str(sitting_id)}, expect=401)
    pilot.certificates.call("GET", f"{ORDERS}/{job['id']}/certificates.zip", expect=401)
    assert len(pdfs_in(download(pilot, job, **OPERATOR))) == 1


def test_a_sitting_without_certificates_has_nothing_to_order(pilot: Pilot, sitting_id: uuid.UUID) -> None:
    assert order(pilot, sitting_id, 404)["code"] == "not_found"
    assert kept(pilot) == (0, 0)


def test_what_gets_no_document_comes_back_with_its_reason(pilot: Pilot, issue: Issue, sitting_id: uuid.UUID) -> None:
    given = {state: issue(state, sitting_id=sitting_id) for state in ("valid", "suspended", "revoked", "replaced")}
    given["undrawable"] = issue("王\ue863", sitting_id=sitting_id)
    for state in ("suspended", "revoked", "replaced"):
        stand(pilot, given[state], state)
    job = order(pilot, sitting_id)
    pilot.certificates.run_jobs()
    done = progress(pilot, job)
    assert (done["state"], done["total"], done["accepted"], done["refused"]) == ("done", 4, 1, 3)
    answer = pilot.certificates.call("GET", done["refusals_url"], expect=200, **OPERATOR).get_data(as_text=True)
    reasons = {row["value excerpt"]: row["code"] for row in csv.DictReader(io.StringIO(answer.removeprefix("\ufeff")))}
    assert reasons == {
        numbers.grouped(given["suspended"]): "not_valid",
        numbers.grouped(given["revoked"]): "not_valid",
        numbers.grouped(given["undrawable"]): "character_not_drawable",
    }
    assert "王" not in answer
    found = files_in(download(pilot, job))
    assert [name for name in found if name.endswith(".pdf")] == [f"{numbers.grouped(given['valid'])} valid.pdf"]
    listed = list(csv.DictReader(io.StringIO(found["certificates.csv"].decode("utf-8-sig"))))
    assert {row["number"] for row in listed if not row["file"]} == set(reasons)


def test_a_bundle_is_not_given_before_it_is_whole(pilot: Pilot, issue: Issue, sitting_id: uuid.UUID) -> None:
    issue(sitting_id=sitting_id)
    job = order(pilot, sitting_id)
    assert b'"bundle_not_ready"' in download(pilot, job, 409)
    pilot.certificates.run_jobs()
    assert len(pdfs_in(download(pilot, job))) == 1


def test_ordered_again_while_at_work_it_is_the_same_job_and_later_a_new_one(
    pilot: Pilot, issue: Issue, sitting_id: uuid.UUID
) -> None:
    issue(sitting_id=sitting_id)
    first = order(pilot, sitting_id, **teo(pilot))
    assert order(pilot, sitting_id, **teo(pilot))["id"] == first["id"]
    assert order(pilot, sitting_id, **college(pilot))["id"] != first["id"]
    pilot.certificates.run_jobs()
    issue("李四", sitting_id=sitting_id)
    second = order(pilot, sitting_id, **teo(pilot))
    assert second["id"] != first["id"]
    pilot.certificates.run_jobs()
    download(pilot, first, 404, **teo(pilot))
    assert len(pdfs_in(download(pilot, second, **teo(pilot)))) == 2
    assert kept(pilot) == (2, 3)  # the TEO's new one, and the college's


def test_a_bundle_is_sealed_where_it_is_kept(pilot: Pilot, issue: Issue, sitting_id: uuid.UUID) -> None:
    issue(sitting_id=sitting_id)
    order(pilot, sitting_id)
    pilot.certificates.run_jobs()
    with pilot.certificates.database.session() as session:
        (sealed,) = session.scalars(text("SELECT sealed_pdf FROM bundled_document"))
    assert not sealed.startswith("%PDF")
    assert Reader(pilot.certificates.vault.open(sealed, bundles.SEALED_AS)).text


def test_a_bundle_expires(pilot: Pilot, issue: Issue, sitting_id: uuid.UUID) -> None:
    issue(sitting_id=sitting_id)
    job = order(pilot, sitting_id)
    pilot.certificates.run_jobs()
    assert pilot.certificates.fire("drop_expired_documents") is False
    assert kept(pilot) == (1, 1)
    with time_machine.travel(time.time() + (bundles.LIFETIME + timedelta(minutes=1)).total_seconds(), tick=False):
        download(pilot, job, 404)
        assert pilot.certificates.fire("drop_expired_documents") is True
        assert pilot.certificates.fire("drop_expired_documents") is False
    assert kept(pilot) == (0, 0)


def test_a_job_whose_bundle_expired_ends(pilot: Pilot, issue: Issue, sitting_id: uuid.UUID) -> None:
    issue(sitting_id=sitting_id)
    job = order(pilot, sitting_id)
    with pilot.certificates.database.transaction() as session:
        session.execute(text("UPDATE document_bundle SET expires_at = now() - interval '1 s'"))
    assert pilot.certificates.fire("drop_expired_documents") is True
    pilot.certificates.run_jobs()
    assert progress(pilot, job)["state"] == "done"
    download(pilot, job, 404)


_CHILD = """
from onex import green
green.patch()  # as a worker is
import os
from tests.harness.service import Service
Service("certificates", os.environ).run_jobs()
"""


@pytest.mark.parametrize(
    ("step", "passing"),
    [(Step.JOB_STEP_WORKED, 1), (Step.JOB_STEP_WORKED, 3), (Step.JOB_STEP_COMMITTED, 2), (Step.JOB_FINISHED, 1)],
)
def test_a_job_that_was_killed_goes_on_and_makes_the_same_bundle_once(
    pilot: Pilot, servers: Platform, sitting_id: uuid.UUID, tmp_path: Path, step: Step, passing: int
) -> None:
    count = 2 * printing.STEP + 3
    hear(pilot, sitting_id, count)
    undisturbed = order(pilot, sitting_id, **teo(pilot))
    pilot.certificates.run_jobs()
    killed = order(pilot, sitting_id)
    (tmp_path / step).write_text(f"{passing} {signal.SIGKILL.value}")
    environ = {**os.environ, **servers.environment, "ONEX_CRASH_AT": str(tmp_path)}
    child = subprocess.run([sys.executable, "-c", _CHILD], env=environ, cwd=Path(__file__).parents[3], check=False)
    assert child.returncode == -signal.SIGKILL
    pilot.certificates.run_jobs()
    done = progress(pilot, killed)
    assert (done["state"], done["total"], done["accepted"], done["refused"]) == ("done", count, count, 0)
    assert kept(pilot) == (2, 2 * count)
    again = download(pilot, killed)
    assert len(pdfs_in(again)) == count
    assert again == download(pilot, undisturbed, **teo(pilot))


def test_a_bundle_is_read_and_sent_a_few_documents_at_a_time(pilot: Pilot, sitting_id: uuid.UUID) -> None:
    hear(pilot, sitting_id, 60)
    job = order(pilot, sitting_id)
    pilot.certificates.run_jobs()
    path = f"{ORDERS}/{job['id']}/certificates.zip"
    answer = pilot.certificates.call("GET", path, expect=200, **OPERATOR)
    pieces = list(answer.iter_encoded()) if answer.is_streamed else [answer.get_data()]
    assert len(pieces) > 60
    assert max(map(len, pieces)) < 200_000
    assert len(pdfs_in(b"".join(pieces))) == 60
