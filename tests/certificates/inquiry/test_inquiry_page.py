"""The public inquiry page in a real browser, on a phone's screen; and what it sends and says, seen from outside."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import segno
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright
from sqlalchemy import text
from werkzeug.serving import make_server

from onex.chassis.health import HealthDoors
from onex.chassis.web.mounting import Router
from onex.cli.services import web_of
from onex.local import chromium
from services.certificates.inquiry import pages
from services.certificates.inquiry.connections import Connections
from services.certificates.inquiry.lookup import Lookup
from services.certificates.issuing import numbers
from tests.certificates.given import Pilot
from tests.harness.service import Service

PAGE = "/certificates/inquiry"
PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.ensure(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def address(pilot: Pilot) -> Iterator[str]:
    """Where the service's web side is served."""
    served = Router(web_of("certificates", pilot.certificates.settings).routes, HealthDoors({}))
    server = make_server("127.0.0.1", 0, served, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, device_scale_factor=2, base_url=address, java_script_enabled=True)
    context.set_default_timeout(20_000)
    page = context.new_page()
    yield page
    assert context.cookies() == []
    context.close()


def look(page: Page, name: str) -> None:
    """Keep a picture where ONEX_SCREENSHOTS says, for people to look at."""
    if folder := os.environ.get("ONEX_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def fits(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def fill(page: Page, number: str, name: str) -> None:
    page.get_by_label("证书编号 Certificate number").fill(number)
    page.get_by_label("持证人姓名 Holder's name").fill(name)
    page.get_by_role("button", name="查询 Check").click()


@pytest.mark.rule("OP-32", "PP-44", "PP-07")
def test_a_person_with_a_phone_checks_a_certificate(phone: Page, pilot: Pilot, number: str) -> None:
    sent: list[Request] = []
    phone.on("request", lambda request: sent.append(request))
    phone.goto(PAGE)
    look(phone, "1-form-phone")
    assert fits(phone)
    fill(phone, numbers.grouped(number), "欧阳娜娜")
    expect(phone.get_by_role("status")).to_contain_text("证书有效")
    expect(phone.get_by_role("status")).to_contain_text("Valid")
    for shown in (
        numbers.grouped(number), "欧**娜", "Web前端开发", "Web Front-end Development", "中级", "Intermediate",
        "某某教育科技有限公司", "Moumou Education Technology Co., Ltd.", "2026年3月2日", "2 March 2026",
    ):  # fmt: skip
        expect(phone.get_by_role("article")).to_contain_text(shown)
    look(phone, "2-found-phone")
    assert fits(phone)
    # The name went out once, in the body of the POST, and is nowhere else: no address, no page.
    assert [(request.method, request.url.rpartition(":")[2].partition("/")[2]) for request in sent] == [
        ("GET", "certificates/inquiry"),
        ("POST", "certificates/inquiry"),
    ]
    assert "欧阳娜娜" not in phone.content()
    assert "%E6%AC%A7" not in phone.content()


@pytest.mark.rule("PP-44")
def test_the_qr_code_leads_to_the_page_with_the_number_filled_in(phone: Page, pilot: Pilot, number: str) -> None:
    phone.goto(PAGE)
    fill(phone, number, "欧阳娜娜")
    expected = f"{pilot.certificates.settings.public_url}/certificates/inquiry/{number}"
    dark = _dark_modules(phone)
    matrix = segno.make_qr(expected, error="m").matrix
    assert dark == {(x, y) for y, row in enumerate(matrix) for x, module in enumerate(row) if module}
    phone.goto(f"{PAGE}/{number}")
    expect(phone.get_by_label("证书编号 Certificate number")).to_have_value(numbers.grouped(number))
    expect(phone.get_by_label("持证人姓名 Holder's name")).to_have_value("")
    look(phone, "3-prefilled-phone")


def _dark_modules(page: Page) -> set[tuple[int, int]]:
    """The dark modules of the QR code as the browser has drawn it, read from the picture's middle points."""
    drawn = page.evaluate(
        """async () => {
            const svg = document.querySelector('#qr svg');
            const size = svg.viewBox.baseVal.width, scale = 8, copy = svg.cloneNode(true);
            copy.setAttribute('width', size * scale); copy.setAttribute('height', size * scale);
            copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
            const picture = new Image();
            picture.src = 'data:image/svg+xml;base64,' + btoa(new XMLSerializer().serializeToString(copy));
            await picture.decode();
            const canvas = document.createElement('canvas');
            canvas.width = canvas.height = size * scale;
            const pen = canvas.getContext('2d');
            pen.drawImage(picture, 0, 0);
            const dark = [];
            for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) {
                const [red, , , alpha] = pen.getImageData((x + .5) * scale, (y + .5) * scale, 1, 1).data;
                if (alpha > 128 && red < 128) dark.push([x, y]);
            }
            return dark;
        }"""
    )
    quiet = 4
    return {(x - quiet, y - quiet) for x, y in drawn}


@pytest.mark.rule("PP-44")
def test_wrong_name_and_absent_number_look_the_same(phone: Page, number: str) -> None:
    shown = []
    for asked, name in ((number, "李四"), (numbers.draw(2026, "004", 2), "欧阳娜娜")):
        phone.goto(PAGE)
        fill(phone, asked, name)
        expect(phone.get_by_role("alert")).to_contain_text("未查到证书")
        expect(phone.get_by_role("alert")).to_contain_text("Not found")
        assert name not in phone.content()
        shown.append(phone.content().replace(numbers.grouped(asked), "…"))
    look(phone, "4-not-found-phone")
    assert fits(phone)
    assert shown[0] == shown[1]


def test_a_slip_in_the_number_is_named(phone: Page, number: str) -> None:
    phone.goto(PAGE)
    fill(phone, number[:-1] + ("0" if number[-1] != "0" else "1"), "欧阳娜娜")
    expect(phone.get_by_role("alert")).to_contain_text("校验位不符")


def test_an_empty_field_is_named_and_tied_to_its_message(phone: Page) -> None:
    phone.goto(PAGE)
    fill(phone, "", "某人")
    field = phone.get_by_label("证书编号 Certificate number")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(phone.locator("#number-wrong")).to_be_visible()
    assert "number-wrong" in str(field.get_attribute("aria-describedby"))
    look(phone, "5-missing-phone")


def test_the_page_can_be_used_by_keyboard_and_shows_where_one_is(phone: Page, number: str) -> None:
    phone.goto(PAGE)
    phone.keyboard.press("Tab")
    expect(phone.get_by_label("证书编号 Certificate number")).to_be_focused()
    assert phone.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    phone.keyboard.type(number)
    phone.keyboard.press("Tab")
    phone.keyboard.type("欧阳娜娜")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("status")).to_contain_text("Valid")


def test_it_works_without_script(browser: Browser, address: str, number: str) -> None:
    context = browser.new_context(viewport=PHONE, base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto(PAGE)
    fill(page, number, "欧阳娜娜")
    expect(page.get_by_role("status")).to_contain_text("Valid")
    context.close()


def test_on_a_wide_screen_and_on_paper(browser: Browser, address: str, number: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=address)
    page = context.new_page()
    page.goto(PAGE)
    look(page, "6-form-wide")
    fill(page, number, "欧阳娜娜")
    look(page, "7-found-wide")
    page.emulate_media(media="print")
    expect(page.get_by_text("再查一张")).to_be_hidden()
    expect(page.locator("#qr svg")).to_be_visible()
    look(page, "8-found-paper")
    context.close()


def test_each_language_is_marked(phone: Page, number: str) -> None:
    phone.goto(PAGE)
    fill(phone, number, "欧阳娜娜")
    assert phone.locator("html").get_attribute("lang") == "zh-CN"
    assert phone.locator("[lang=en]").count() > 10
    english = " ".join(phone.locator("[lang=en]").all_inner_texts())
    assert english.isascii()


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/%3Cscript%3E", f"{PAGE}/{'9' * 2000}"])
def test_pages_are_not_kept_and_take_nothing_from_elsewhere(pilot: Pilot, path: str) -> None:
    answer = pilot.certificates.call("GET", path, expect=200)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    page = answer.get_data(as_text=True)
    assert "<script" not in page
    assert "http://" not in page
    assert "https://" not in page


@pytest.mark.parametrize(
    ("form", "status"),
    [({}, 422), ({"number": "x"}, 422), ({"number": "\0", "name": "\0"}, 200), ({"name": "x" * 5000}, 413)],
)
def test_a_form_that_is_not_as_it_should_be_is_no_error_of_ours(
    pilot: Pilot, form: dict[str, str], status: int
) -> None:
    service: Service = pilot.certificates
    service.call("POST", PAGE, data=form, expect=status)


def test_a_certificate_in_another_state_is_not_called_valid(pilot: Pilot, number: str) -> None:
    with pilot.certificates.database.transaction() as session:
        session.execute(text("UPDATE certificate SET state = 'revoked'"))
    page = pilot.certificates.call("POST", PAGE, data={"number": number, "name": "欧阳娜娜"}).get_data(as_text=True)
    assert "证书无效" in page
    assert "证书有效" not in page


def test_without_a_database_the_page_says_to_try_again(pilot: Pilot) -> None:
    service: Service = pilot.certificates
    service.call("GET", PAGE, expect=200)  # the app is made
    app: Any = service._web.routes["/certificates"]
    nowhere = Connections("postgresql://127.0.0.1:1/none", "certificates", size=1)
    working = app.extensions[pages._LOOKUP]
    pages.attach(app, Lookup(service.vault, nowhere))
    try:
        answer = service.call("POST", PAGE, data={"number": "1", "name": "x"}, expect=503)
    finally:
        pages.attach(app, working)
    assert "Please try again soon" in answer.get_data(as_text=True)
