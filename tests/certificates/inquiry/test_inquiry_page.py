"""The public inquiry page in a real browser, on a phone's screen; and what it sends and says, seen from outside."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import segno
from playwright.sync_api import Browser, Page, Request, expect
from sqlalchemy import text

from services.certificates.inquiry import pages, tokens, wording
from services.certificates.inquiry.connections import Connections
from services.certificates.inquiry.limits import Allowed
from services.certificates.inquiry.lookup import Lookup
from services.certificates.issuing import numbers
from tests.certificates.given import Pilot
from tests.certificates.inquiry.browsing import PHONE, WIDE, fits, look
from tests.harness.service import Service, json_of

PAGE = "/certificates/inquiry"
STATES = {
    "valid": ("证书有效", "Valid"),
    "suspended": ("证书已暂停", "Suspended"),
    "revoked": ("证书已撤销", "Revoked"),
    "replaced": ("证书已更换", "Replaced"),
}


def qr_path(pilot: Pilot, number: str, lang: str = "") -> str:
    """Where the certificate's QR code leads, on the server of the test."""
    parts = urlsplit(tokens.address(pilot.certificates.settings.public_url, pilot.certificates.vault, number))
    return f"{parts.path}?{parts.query}{f'&lang={lang}' if lang else ''}"


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


@pytest.mark.rule("OP-32", "PP-44", "PP-45")
def test_the_qr_code_leads_to_the_certificate_and_the_number_alone_to_the_form(
    phone: Page, pilot: Pilot, number: str
) -> None:
    phone.goto(PAGE)
    fill(phone, number, "欧阳娜娜")
    expected = tokens.address(pilot.certificates.settings.public_url, pilot.certificates.vault, number)
    dark = _dark_modules(phone)
    matrix = segno.make_qr(expected, error="m").matrix
    assert dark == {(x, y) for y, row in enumerate(matrix) for x, module in enumerate(row) if module}
    phone.goto(qr_path(pilot, number))
    expect(phone.get_by_role("status")).to_contain_text("证书有效")
    expect(phone.get_by_role("article")).to_contain_text("欧**娜")
    phone.goto(f"{PAGE}/{number}")
    expect(phone.get_by_label("证书编号 Certificate number")).to_have_value(numbers.grouped(number))
    expect(phone.get_by_label("持证人姓名 Holder's name")).to_have_value("")
    look(phone, "3-prefilled-phone")


def _dark_modules(page: Page) -> set[tuple[int, int]]:
    """The dark modules of the QR code as the browser has drawn it, read from the picture's middle points."""
    page.locator("#qr svg").wait_for()
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


@pytest.mark.rule("OP-32", "PP-44")
def test_what_was_found_comes_with_a_file_that_proves_it_without_the_platform(
    phone: Page, pilot: Pilot, number: str
) -> None:
    pilot.certificates.fire("sequence_log")
    phone.goto(qr_path(pilot, number))
    link = phone.get_by_role("link", name="File to verify offline")
    expect(link).to_have_attribute("download", f"{number}.json")
    path = urlsplit(link.get_attribute("href") or "").path
    bundle = json_of(pilot.certificates.call("GET", path, expect=200))
    assert bundle["kind"] == "onex.certificate_bundle.v1"
    assert bundle["credential"]["id"].endswith(number)


@pytest.mark.rule("PP-44")
def test_wrong_name_and_absent_number_look_the_same(phone: Page, number: str) -> None:
    shown = []
    for asked, name in ((number, "李四"), (numbers.draw(2026, "004", 2), "欧阳娜娜")):
        phone.goto(PAGE)
        fill(phone, asked, name)
        expect(phone.get_by_role("alert")).to_contain_text("未查到证书")
        expect(phone.get_by_role("alert")).to_contain_text("Not found")
        assert name not in phone.content()
        shown.append(phone.content().replace(numbers.grouped(asked), "…").replace(asked, "…"))
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
    for language in ("双语", "中文", "English"):
        phone.keyboard.press("Tab")
        expect(phone.get_by_role("link", name=language)).to_be_focused()
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
    context = browser.new_context(viewport=WIDE, base_url=address)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(PAGE)
    look(page, "6-form-wide")
    fill(page, number, "欧阳娜娜")
    look(page, "7-found-wide")
    page.emulate_media(media="print")
    for hidden in (page.get_by_text("再查一张"), page.get_by_role("navigation"), page.get_by_role("contentinfo")):
        expect(hidden).to_be_hidden()
    expect(page.locator("#qr svg")).to_be_visible()
    expect(page.get_by_text("Checked at")).to_be_visible()  # on paper it must say of when it is
    look(page, "8-found-paper")
    context.close()


def test_a_certificate_is_printed_on_one_page(browser: Browser, address: str, pilot: Pilot, number: str) -> None:
    context = browser.new_context(base_url=address)
    page = context.new_page()
    for lang in ("", "zh", "en"):
        page.goto(qr_path(pilot, number, lang))
        printed = page.pdf(prefer_css_page_size=True)
        if (folder := os.environ.get("ONEX_SCREENSHOTS")) is not None:
            (Path(folder) / f"paper-{lang or 'both'}.pdf").write_bytes(printed)
        assert printed.count(b"/Type /Page\n") == 1, lang
    context.close()


@pytest.mark.rule("PP-44")
def test_the_language_is_chosen_by_a_link_and_stays_chosen(browser: Browser, address: str, number: str) -> None:
    context = browser.new_context(viewport=PHONE, base_url=address, java_script_enabled=False)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(PAGE)
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("link", name="English")).to_have_attribute("aria-current", "true")
    assert page.locator("html").get_attribute("lang") == "en"
    expect(page.get_by_text("持证人姓名", exact=True)).to_be_hidden()
    look(page, "9-form-english")
    assert fits(page)
    page.get_by_label("Certificate number").fill(number)
    page.get_by_label("Holder's name").fill("欧阳娜娜")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("status")).to_contain_text("Valid")
    expect(page.get_by_text("证书有效")).to_be_hidden()
    look(page, "10-found-english")
    page.get_by_role(
        "link", name="中文"
    ).click()  # the certificate is still there, by its token: no name is asked again
    expect(page.get_by_role("status")).to_contain_text("证书有效")
    expect(page.get_by_text("Web Front-end Development")).to_be_hidden()
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    look(page, "11-found-chinese")
    page.get_by_role("link", name="再查一张").click()
    expect(page.get_by_label("证书编号")).to_be_visible()
    expect(page.get_by_text("Certificate number", exact=True)).to_be_hidden()
    context.close()


def change_state(pilot: Pilot, state: str) -> None:
    with pilot.certificates.database.transaction() as session:
        session.execute(text("UPDATE certificate SET state = :state"), {"state": state})


@pytest.mark.rule("OP-32", "PP-44")
@pytest.mark.parametrize("state", STATES)
def test_a_state_is_shown_clearly_and_accessibly(
    phone: Page, pilot: Pilot, number: str, violations: Callable[[Page], list[str]], state: str
) -> None:
    change_state(pilot, state)
    for lang in ("", "zh", "en"):
        phone.goto(qr_path(pilot, number, lang))
        zh, en = STATES[state]
        expect(phone.get_by_role("status")).to_contain_text(en if lang == "en" else zh)
        assert fits(phone)
        assert violations(phone) == []
    phone.goto(qr_path(pilot, number))
    look(phone, f"12-{state}-phone")
    assert ("证书有效" in phone.content()) == (state == "valid")


@pytest.mark.rule("PP-44")
def test_every_page_of_an_inquiry_is_accessible(
    browser: Browser, address: str, pilot: Pilot, number: str, violations: Callable[[Page], list[str]]
) -> None:
    absent = numbers.draw(2026, "004", 2)
    for viewport in (PHONE, WIDE):
        context = browser.new_context(viewport=viewport, base_url=address)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(PAGE)
        assert violations(page) == []
        for asked, name in (("", "某人"), (number, ""), (absent, "某人"), (absent[:-1], "某人"), (number, "欧阳娜娜")):
            page.goto(PAGE)
            fill(page, asked, name)
            assert violations(page) == [], (asked, name)
        page.emulate_media(media="print")
        assert violations(page) == []
        page.emulate_media(media="screen")
        for _ in range(Allowed().misses_of_a_pair):
            page.request.post(PAGE, form={"number": absent, "name": "某人"})
        page.goto(PAGE)
        fill(page, absent, "某人")
        expect(page.get_by_role("alert")).to_contain_text("Too many inquiries")
        look(page, f"13-too-many-{viewport['width']}")
        assert fits(page)
        assert violations(page) == []
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


def test_a_state_that_the_page_does_not_know_is_not_called_valid() -> None:
    unknown = wording.state_of("lost")
    assert (unknown.zh, unknown.en, unknown.tone) == ("无效", "Not valid", "bad")


def test_without_a_database_the_page_says_to_try_again(pilot: Pilot) -> None:
    service: Service = pilot.certificates
    service.call("GET", PAGE, expect=200)  # the app is made
    app: Any = service._web.routes["/certificates"]
    nowhere = Connections("postgresql://127.0.0.1:1/none", "certificates", size=1)
    working, limits = app.extensions[pages._LOOKUP], app.extensions[pages._LIMITS]
    pages.attach(app, Lookup(service.vault, nowhere), limits)
    try:
        answer = service.call("POST", PAGE, data={"number": "1", "name": "x"}, expect=503)
    finally:
        pages.attach(app, working, limits)
    assert "Please try again soon" in answer.get_data(as_text=True)
