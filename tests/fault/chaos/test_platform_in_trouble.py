"""A frozen broker, a full disk under an outbox, a restart of every process under load: what people meet meanwhile."""

import os
import signal
import time
import uuid
from typing import Any

import psutil
import psycopg
import pytest
import requests
from stdnum.cn import uscc

from onex.chassis import clock
from onex.chassis.settings import SERVICES
from onex.demo.founding import CLAUSES
from tests.fault import small_disk
from tests.fault.chaos.aftermath import nothing_is_left, nothing_lost_and_nothing_doubled
from tests.fault.chaos.flow import Flow
from tests.fault.chaos.proxied import Proxied
from tests.harness.report import Found
from tests.messaging.trial import until

pytestmark = pytest.mark.fault
ANSWERED_WITHIN_S = 5.0
"""The stated bound: no request waits longer because the broker is frozen. No request talks to the broker at all."""
WRITES = 20


def new_organization(name: str = "某某教育科技有限公司") -> dict[str, Any]:
    """The body of a TEO that is not registered yet."""
    number = "91110000" + uuid.uuid4().hex.translate(str.maketrans("abcdef", "123456"))[:9]
    return {
        "kind": "teo", "code": number + uscc.calc_check_digit(number), "name_zh": name, "name_en": "Moumou",
        "division_code": "110000",
        "contacts": [{"name": "项目部", "phone": "010-00000000", "email": "someone@example.cn"}],
    }  # fmt: skip


class Client:
    """The operator, who asks once and waits no longer than the bound."""

    def __init__(self, proxied: Proxied) -> None:
        self.longest_s = 0.0
        self.url, secret = proxied.services.url, proxied.services.environment["ONEX_BOOTSTRAP_OPERATOR_SECRET"]
        form = {"grant_type": "client_credentials", "client_id": "operator", "client_secret": secret}
        answer = requests.post(f"{self.url}/registry/v1/oauth/token", data=form, timeout=ANSWERED_WITHIN_S)
        self.headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}

    def post(self, path: str, body: Any = None, key: str | None = None) -> requests.Response:
        headers = self.headers | ({"Idempotency-Key": key} if key else {})
        answer = requests.post(self.url + path, json=body or {}, headers=headers, timeout=ANSWERED_WITHIN_S)
        self.longest_s = max(self.longest_s, answer.elapsed.total_seconds())
        return answer

    def admit_a_new_teo(self) -> None:
        """Register, sign, admit: three writes, two of which say an event."""
        made = self.post("/registry/v1/organizations", new_organization())
        assert made.status_code == 201, made.text
        day = clock.today().isoformat()
        agreement = {
            "teo_id": made.json()["id"], "clauses": CLAUSES, "signed_on": day, "in_force_from": day, "in_force_to": day,
        }  # fmt: skip
        signed = self.post("/registry/v1/agreements", agreement)
        assert signed.status_code == 201, signed.text
        admitted = self.post(f"/registry/v1/organizations/{made.json()['id']}/admission")
        assert admitted.status_code == 200, admitted.text


def unsent(urls: dict[str, str]) -> int:
    """How many events wait in all outboxes."""
    waiting = 0
    for url in urls.values():
        with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
            row = connection.execute("SELECT count(*) FROM outbox").fetchone()
            waiting += row[0] if row else 0
    return waiting


def test_while_the_broker_is_frozen_every_write_is_answered_in_time_and_its_event_leaves_when_it_thaws(
    proxied: Proxied, seed: int, found: Found
) -> None:
    with Flow(proxied, certificates=60, plans=1, seed=seed) as flow:
        broker = proxied.servers.pid("rabbitmq")
        assert broker
        os.kill(broker, signal.SIGSTOP)
        try:
            client = Client(proxied)
            for _ in range(WRITES):
                client.admit_a_new_teo()  # a request that takes longer than the bound is an error here
            found(broken="STOP of the broker", requests=3 * WRITES, longest_request_s=client.longest_s)
            assert flow.publish_next()
            until(lambda: unsent(flow.direct) >= 2 * WRITES, "the outboxes keep what the broker cannot take")
        finally:
            os.kill(broker, signal.SIGCONT)
        nothing_lost_and_nothing_doubled(flow, 60, found)
    nothing_is_left(proxied)


def test_every_process_is_restarted_under_load_and_nothing_is_lost(proxied: Proxied, seed: int, found: Found) -> None:
    with Flow(proxied, certificates=300, plans=6, seed=seed) as flow:
        flow.publish_in_background(pause_s=2.0)
        for name in (*SERVICES, "web"):
            proxied.services.restart(name)
        found(broken=f"a restart of each of {len(SERVICES) + 1} processes")
        flow.finish_publishing()
        nothing_lost_and_nothing_doubled(flow, 300, found)
    nothing_is_left(proxied)


def test_on_a_full_disk_a_request_is_told_to_try_again_and_trying_again_does_it_once(proxied: Proxied) -> None:
    """503 with Retry-After, nothing half done; the same request under the same Idempotency-Key works once there is room."""
    direct = proxied.servers.environment
    client, made = Client(proxied), []
    folder = proxied.folder / "small"
    with small_disk.under(
        small_disk.admin_url(direct), direct["ONEX_DATABASE_URL_REGISTRY"], ["organization"], folder
    ) as disk:
        disk.fill()
        deadline = time.monotonic() + 60
        while True:  # the blocks that the table has already may have room for some
            body, key = new_organization("某" * 100), uuid.uuid4().hex
            answer = client.post("/registry/v1/organizations", body, key)
            if answer.status_code != 201:
                break
            made.append(answer.json()["id"])
            assert time.monotonic() < deadline, "the disk is not full"
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert "Retry-After" in answer.headers
        disk.free()
        again = client.post("/registry/v1/organizations", body, key)
        assert again.status_code == 201
        assert client.post("/registry/v1/organizations", body, key).json()["id"] == again.json()["id"]
    listed = set()
    path: str | None = "/registry/v1/organizations?size=200&kind=teo"
    while path:
        page = requests.get(client.url + path, headers=client.headers, timeout=ANSWERED_WITHIN_S).json()
        listed |= {one["id"] for one in page["items"] if one["code"] == body["code"]}
        path = f"/registry/v1/organizations?size=200&kind=teo&cursor={page['next']}" if page["next"] else None
    assert listed == {again.json()["id"]}


@pytest.mark.parametrize("when", ["once it serves", "while its child is starting"])
def test_a_killed_web_process_leaves_no_child_that_goes_on_answering(proxied: Proxied, when: str) -> None:
    """Else, after an update, what was not restarted would answer beside it in the old way."""
    proxied.services.wait_ready("web")
    web = proxied.services.pid("web")
    if when == "while its child is starting":
        before = web
        proxied.services.kill("web")
        web = until(lambda: (pid := proxied.services.pid("web")) != before and pid, "it is started again")
    children = until(lambda: psutil.Process(web).children(recursive=True), "it has a child")
    proxied.services.kill("web")
    _, left = psutil.wait_procs(children, timeout=30)
    assert left == []
    proxied.services.wait_ready("web", replacing=web)
