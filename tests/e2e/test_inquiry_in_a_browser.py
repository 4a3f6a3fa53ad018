"""The main job's last step as anyone takes it: a certificate of the demo, checked on the public page in a real browser."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from onex.demo.story import Told
from onex.local import chromium
from onex.local.platform import Platform

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def phone(platform: Platform) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.ensure(), args=["--no-sandbox"])
        page = browser.new_context(viewport=PHONE, device_scale_factor=2, base_url=platform.url).new_page()
        yield page
        browser.close()


def inquire(page: Page, number: str, name: str) -> None:
    page.goto(f"/certificates/inquiry/{number}")  # where the QR code leads
    page.get_by_label("持证人姓名 Holder's name").fill(name)
    page.get_by_role("button", name="查询 Check").click()


@pytest.mark.rule("OP-32", "PP-44")
def test_a_certificate_of_the_main_job_is_found_by_number_and_name(phone: Page, told: Told) -> None:
    inquire(phone, told.number, told.name)
    expect(phone.get_by_role("status")).to_contain_text("证书有效")
    expect(phone.get_by_role("article")).to_contain_text("Building Information Modelling")
    if folder := os.environ.get("ONEX_SCREENSHOTS"):
        phone.screenshot(path=Path(folder) / "main-job-inquiry.png", full_page=True)


@pytest.mark.rule("OP-32")
def test_the_same_number_with_another_name_is_not_found(phone: Page, told: Told) -> None:
    inquire(phone, told.number, "王不对")
    expect(phone.get_by_role("alert")).to_contain_text("No certificate matches")
