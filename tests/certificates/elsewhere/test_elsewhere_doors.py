"""Who may send, announce and read what of certificates issued elsewhere."""

from typing import Any

import pytest
import time_machine

from onex.chassis.access import Role
from onex.chassis.ids import new_id
from tests.certificates.elsewhere.sending import ROOT, as_csv, as_json, college, entered, row, send, send_file
from tests.certificates.given import Pilot, admitted
from tests.harness.service import json_of

MACHINE: dict[str, Any] = {"data": as_json([row(0)]), "content_type": "application/json"}


def listed(pilot: Pilot, what: str, **caller: Any) -> list[dict[str, Any]]:
    caller = caller or {"role": Role.OPERATOR}
    items: list[dict[str, Any]] = json_of(pilot.certificates.call("GET", f"{ROOT}/{what}", expect=200, **caller))[
        "items"
    ]
    return items


def as_teo(pilot: Pilot) -> dict[str, Any]:
    return {"role": Role.TEO, "organization_id": pilot.teo_id}


@pytest.mark.rule("PP-18")
@pytest.mark.parametrize("role", [Role.MINISTRY, Role.PROVINCE, Role.COLLEGE, Role.PARTNER, Role.LEARNER])
def test_only_teos_and_operators_send(pilot: Pilot, role: Role) -> None:
    for path in ("certificates", "announcements"):
        pilot.certificates.call(
            "POST", f"{ROOT}/{path}", role=role, organization_id=pilot.teo_id, expect=403, **MACHINE
        )
        pilot.certificates.call("POST", f"{ROOT}/{path}", expect=401, **MACHINE)
    pilot.certificates.call("POST", f"{ROOT}/files", role=role, organization_id=pilot.teo_id, expect=403)


@pytest.mark.rule("PP-18")
def test_a_teo_sends_for_itself_alone_and_an_operator_says_for_whom(pilot: Pilot) -> None:
    other = new_id()
    pilot.certificates.hear(admitted(other, code="91310000MA1FL0000X"))
    path = f"{ROOT}/certificates"
    pilot.certificates.call("POST", f"{path}?teo_id={other}", expect=403, **as_teo(pilot), **MACHINE)
    answer = pilot.certificates.call("POST", path, role=Role.OPERATOR, expect=422, **MACHINE)
    assert json_of(answer)["code"] == "teo_unknown"
    pilot.certificates.call("POST", f"{path}?teo_id={new_id()}", role=Role.OPERATOR, expect=422, **MACHINE)
    pilot.certificates.call("POST", path, role=Role.TEO, organization_id=new_id(), expect=422, **MACHINE)
    send_file(pilot, as_csv([row(0)]), role=Role.OPERATOR)
    assert [one.teo_id for one in entered(pilot)] == [pilot.teo_id]


@pytest.mark.rule("OP-31")
@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b'{"name": "x"}', "application/json", 400),
        (b"", "application/json", 400),
        (as_json([row(0)]), "text/plain", 415),
        (b"[]", "application/json", 422),
        (b'[{"a":', "application/json", 400),
    ],
)
def test_what_is_no_array_is_refused_at_once(pilot: Pilot, body: bytes, kind: str, status: int) -> None:
    options: dict[str, Any] = {"data": body, "content_type": kind}
    pilot.certificates.call("POST", f"{ROOT}/certificates", expect=status, **as_teo(pilot), **options)


@pytest.mark.rule("OP-31")
def test_a_teos_job_is_its_own(pilot: Pilot) -> None:
    job = json_of(pilot.certificates.call("POST", f"{ROOT}/certificates", expect=202, **as_teo(pilot), **MACHINE))
    path = f"/certificates/v1/jobs/{job['id']}"
    pilot.certificates.call("GET", path, expect=200, **as_teo(pilot))
    pilot.certificates.call("GET", path, role=Role.TEO, organization_id=new_id(), expect=404)


@pytest.mark.rule("OP-31")
def test_there_is_an_empty_file_to_fill_in(pilot: Pilot) -> None:
    file = pilot.certificates.call("GET", f"{ROOT}/template.csv", expect=200, **as_teo(pilot)).get_data()
    line = "居民身份证,11010519491231002X,张三,4,中级,1.0,2026年3月2日,甲-1,\r\n".encode()
    assert send_file(pilot, file + line)["accepted"] == 1


def test_the_list_shows_each_what_concerns_it(pilot: Pilot) -> None:
    pilot.certificates.hear(college(pilot.college_id))
    send(pilot, row(0, college_code="4144010001"), row(1), row(2, issued_on="2026-03-04"))
    pilot.certificates.hear(pilot.result("王五", number="440106199901010078"))
    numbers = [f"WEB-2026-00000{nth}" for nth in (0, 1, 2)]
    every = listed(pilot, "certificates")
    assert sorted(one["foreign_number"] for one in every) == numbers
    assert (
        len(listed(pilot, "certificates", **as_teo(pilot)))
        == len(listed(pilot, "certificates", role=Role.MINISTRY))
        == 3
    )
    assert listed(pilot, "certificates", role=Role.TEO, organization_id=new_id()) == []
    own = listed(pilot, "certificates", role=Role.COLLEGE, organization_id=pilot.college_id)
    assert [one["foreign_number"] for one in own] == numbers[:1]
    pilot.certificates.call("GET", f"{ROOT}/certificates", role=Role.PARTNER, expect=403)
    for query, found in (
        ("foreign_number=WEB-2026-000001", numbers[1:2]),
        ("issued_from=2026-03-03", numbers[2:]),
        (f"teo_id={pilot.teo_id}&college_id={pilot.college_id}", numbers[:1]),
        ("entered_late=false", []),
        (f"certificate_type_id={new_id()}", []),
    ):
        assert [one["foreign_number"] for one in listed(pilot, f"certificates?{query}")] == found, query
    assert "张三" not in str(every)


def announce(pilot: Pilot, expect: int = 201, caller: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    body = {"certificate_type_id": str(pilot.type_id), "issued_on": "2026-03-02", "count": 2} | changes
    path = f"{ROOT}/announcements"
    made: dict[str, Any] = json_of(
        pilot.certificates.call("POST", path, json=body, expect=expect, **(caller or as_teo(pilot)))
    )
    return made


@pytest.mark.rule("OP-31", "OP-32")
def test_an_announcement_is_complete_once_so_many_were_entered(pilot: Pilot) -> None:
    announce(pilot)
    send(pilot, row(0))
    pilot.certificates.fire("watch_entries")
    assert [one["complete"] for one in listed(pilot, "announcements")] == [False]
    send(pilot, row(1))
    pilot.certificates.fire("watch_entries")
    assert [one["complete"] for one in listed(pilot, "announcements?complete=true")] == [True]


@pytest.mark.rule("OP-32")
def test_a_correction_is_the_teos_until_it_is_due_and_then_an_operators(pilot: Pilot) -> None:
    made = announce(pilot)
    path = f"{ROOT}/announcements/{made['id']}/correction"
    with time_machine.travel("2026-03-11T23:59:59+08:00", tick=False):  # seven working days after 2 March
        changed = json_of(pilot.certificates.call("POST", path, json={"count": 3}, expect=200, **as_teo(pilot)))
        assert (changed["count"], changed["complete"]) == (3, False)
    with time_machine.travel("2026-03-12T00:00:00+08:00", tick=False):
        answer = pilot.certificates.call("POST", path, json={"count": 0}, expect=409, **as_teo(pilot))
        assert json_of(answer)["code"] == "announcement_due"
        pilot.certificates.call("POST", path, json={"count": 0}, role=Role.OPERATOR, expect=200)
    pilot.certificates.call("POST", path, json={"count": 1}, role=Role.TEO, organization_id=new_id(), expect=404)
    pilot.certificates.call("POST", path, json={"count": -1}, role=Role.OPERATOR, expect=422)


@pytest.mark.rule("OP-32", "PP-18")
def test_what_cannot_have_been_issued_is_not_announced(pilot: Pilot) -> None:
    assert announce(pilot)["count"] == 2
    assert announce(pilot, 409)["code"] == "announcement_exists"
    assert announce(pilot, 422, issued_on="2098-03-02")["code"] == "day_impossible"
    assert announce(pilot, 422, issued_on="2019-04-03")["code"] == "day_impossible"
    assert announce(pilot, 409, certificate_type_id=str(new_id()))["code"] == "not_the_types_teo"
    assert announce(pilot, 422, count=0)["code"] == "invalid"
    other = new_id()
    pilot.certificates.hear(admitted(other, code="91310000MA1FL0000X"))
    theirs = {"role": Role.TEO, "organization_id": other}
    assert announce(pilot, 409, theirs)["code"] == "not_the_types_teo"
    assert announce(pilot, 403, theirs, teo_id=str(pilot.teo_id))["code"] == "organization_not_allowed"
    assert listed(pilot, "announcements", **theirs) == []
    assert len(listed(pilot, "announcements", **as_teo(pilot))) == 1
