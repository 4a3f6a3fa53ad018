"""What the platform offers to machines, to people with a phone, and to whoever watches it (OP-31, PP-46)."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from playwright.sync_api import sync_playwright
from prometheus_client import generate_latest

from onex.chassis import clock
from onex.chassis.access import Role
from onex.local import chromium
from tests.harness.service import Service, json_of
from tests.harness.serving import served
from tests.registry.identity.test_identity import forget_keys
from tests.registry.world import API, World

PHONE: Any = {"width": 360, "height": 740}
PAGES = ("/registry/policies", "/registry/opinions")


@pytest.fixture
def address(world: World) -> Iterator[str]:
    """Where the registry's web side is served."""
    with served(world.registry) as address:
        yield address


@pytest.mark.rule("PP-46")
def test_the_public_pages_fit_a_phone_and_need_no_script(address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.ensure(), args=["--no-sandbox"])
        for script in (True, False):
            context = browser.new_context(viewport=PHONE, base_url=address, java_script_enabled=script)
            page = context.new_page()
            for path in PAGES:
                answer = page.goto(path)
                assert answer is not None
                assert answer.status == 200, path
                widest = page.locator("html").bounding_box()
                assert widest is not None
                assert widest["width"] <= PHONE["width"], path
                if script:
                    assert page.locator("body *").evaluate_all(_TOO_WIDE) == [], path
            context.close()
        browser.close()


_TOO_WIDE = """
    elements => elements.filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
        .map(one => one.outerHTML.slice(0, 80))
"""


@pytest.mark.rule("PP-46")
def test_every_door_is_described_to_machines_and_every_call_is_measured(service: Callable[[str], Service]) -> None:
    registry = service("registry")
    document = json_of(registry.call("GET", f"{API}/openapi.json", expect=200))
    assert document["openapi"] == "3.1.0"
    described = {(method, path) for path, methods in document["paths"].items() for method in methods}
    assert {("get", f"{API}/certificate-types"), ("post", f"{API}/opinions")} <= described

    def counted() -> float:
        line = (
            r'onex_http_requests_total\{[^}]*route="' + re.escape(f"{API}/fields") + r'"[^}]*status="200"[^}]*\} (\S+)'
        )
        found = re.search(line, generate_latest().decode())
        return float(found[1]) if found else 0.0

    before = counted()
    registry.call("GET", f"{API}/fields", expect=200)
    assert counted() == before + 1


@pytest.mark.rule("OP-31")
def test_a_teos_machine_publishes_in_time_and_what_is_late_is_told(world: World) -> None:
    registry = world.registry
    teo = world.admitted_teo()
    kind = world.published_type(teo["id"])
    body = {"client_id": "teo-machine", "role": "teo", "organization_id": teo["id"]}
    secret = world.post("/clients", body)["client_secret"]
    for key in registry.said():
        if type(key).__name__ == "AccessKeyPublished":
            registry.hear(key)
    forget_keys(registry)

    def call(method: str, path: str, expect: int, body: Any = None) -> Any:
        form = {"grant_type": "client_credentials", "client_id": "teo-machine", "client_secret": secret}
        token = json_of(registry.call("POST", f"{API}/oauth/token", data=form, expect=200))["access_token"]
        options = {} if body is None else {"json": body}
        return json_of(registry.call(method, API + path, token=token, expect=expect, **options))

    bank = {"kind": "question_bank", "certificate_type_id": kind["id"], "title_zh": "初级题库"}
    bank |= {"address": "https://example.cn/bank", "updated_on": str(clock.today())}
    made = call("POST", "/resources", 201, bank)
    assert world.get("/resources/overdue", Role.MINISTRY)["items"] == []
    with time_machine.travel(clock.now() + timedelta(days=800), tick=False):
        (late,) = call("GET", "/resources/overdue", 200)["items"]
        assert late["id"] == made["id"]
        said = {"updated_on": str(clock.today()), "what_changed": "新增题目"}
        call("POST", f"/resources/{made['id']}/updates", 200, said)
        assert call("GET", "/resources/overdue", 200)["items"] == []
