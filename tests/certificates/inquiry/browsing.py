"""The service's pages in a real browser: where they are served, a phone, pictures, and axe-core's verdict."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from onex.local import chromium
from onex.local.platform import Platform
from tests.certificates.given import Pilot
from tests.harness import npm
from tests.harness.serving import served

PHONE = {"width": 360, "height": 740}
WIDE = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.ensure(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def address(pilot: Pilot) -> Iterator[str]:
    """Where the service's web side is served."""
    with served(pilot.certificates) as address:
        yield address


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, device_scale_factor=2, base_url=address, java_script_enabled=True)  # type: ignore[arg-type]
    context.set_default_timeout(20_000)
    page = context.new_page()
    yield page
    assert context.cookies() == []
    context.close()


@pytest.fixture(scope="session")
def violations(servers: Platform) -> Callable[[Page], list[str]]:
    """What axe-core finds wrong with a page: every rule it has, the best practices too."""
    axe = (npm.installed(servers.home) / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")

    def look_for(page: Page) -> list[str]:
        page.evaluate(axe)  # past the page's policy, which lets no script in
        found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        assert len(found["passes"]) > 10, "axe looked at nothing"
        return [f"{one['id']}: {node['html']}" for one in found["violations"] for node in one["nodes"]]

    return look_for


def look(page: Page, name: str) -> None:
    """Keep a picture where ONEX_SCREENSHOTS says, for people to look at."""
    if folder := os.environ.get("ONEX_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def fits(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
