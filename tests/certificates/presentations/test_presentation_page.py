"""What an employer sees who was given a link: on a phone, on paper, in either language, by axe-core's measure."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from services.certificates.issuing import numbers
from services.certificates.presentations import rules, tokens
from tests.certificates.inquiry.browsing import WIDE, fits, look
from tests.certificates.presentations.conftest import Learner


def path(made: dict[str, str], lang: str = "") -> str:
    return f"{tokens.PATH}?{made['url'].partition('?')[2]}{f'&lang={lang}' if lang else ''}"


@pytest.mark.rule("PP-45")
def test_an_employer_opens_a_link_on_a_phone(
    phone: Page, learner: Learner, violations: Callable[[Page], list[str]]
) -> None:
    one, other = learner.numbers
    everything = [field for field in rules.FIELDS if field != "masked_name"]
    made = learner.make(
        certificates=[
            {"number": one, "fields": ["certificate_type", "level", "masked_name"]},
            {"number": other, "fields": everything},
        ]
    )
    phone.goto(path(made))
    expect(phone.get_by_role("article")).to_have_count(2)
    first, second = phone.get_by_role("article").all()
    expect(first).to_contain_text("欧**娜")
    expect(first).not_to_contain_text("欧阳娜娜")
    expect(second).to_contain_text("欧阳娜娜")
    expect(second).to_contain_text(numbers.grouped(other))
    expect(second).to_contain_text("2 March 2026")
    assert numbers.grouped(one) not in phone.content()
    assert fits(phone)
    look(phone, "20-presented-phone")
    assert violations(phone) == []
    link = phone.get_by_role("link", name="File to verify offline")  # with the credential only, which names its number
    expect(link).to_have_count(1)
    expect(link).to_have_attribute("href", re.compile(rf"/certificates/v1/credentials/{other}/bundle$"))
    phone.get_by_text("Signed credential").click()
    expect(phone.get_by_text("eddsa-jcs-2022")).to_be_visible()
    assert fits(phone)
    assert violations(phone) == []


@pytest.mark.rule("PP-45")
def test_its_language_is_chosen_by_a_link(
    phone: Page, learner: Learner, violations: Callable[[Page], list[str]]
) -> None:
    phone.goto(path(learner.make("certificate_type", "level", "teo", "issued_on", "name")))
    for link, shown, hidden in (("English", "Intermediate", "中级"), ("中文", "中级", "Intermediate")):
        phone.get_by_role("link", name=link).click()
        expect(phone.get_by_text(shown, exact=True)).to_be_visible()
        expect(phone.get_by_text(hidden, exact=True)).to_be_hidden()
        assert violations(phone) == []
        look(phone, f"21-presented-{link}")


@pytest.mark.rule("PP-45")
def test_a_revoked_certificate_and_a_withdrawn_link_are_shown_as_what_they_are(
    phone: Page, learner: Learner, violations: Callable[[Page], list[str]]
) -> None:
    made = learner.make("certificate_type", "level")
    with learner.pilot.certificates.database.transaction() as session:
        session.execute(text("UPDATE certificate SET state = 'revoked'"))
    phone.goto(path(made))
    expect(phone.get_by_role("article")).to_contain_text("证书已撤销")
    look(phone, "22-presented-revoked")
    assert violations(phone) == []
    learner.call("POST", f"/certificates/v1/presentations/{made['id']}/withdrawal", 200)
    phone.goto(path(made))
    expect(phone.get_by_role("alert")).to_contain_text("This link shows nothing")
    expect(phone.get_by_role("article")).to_have_count(0)
    look(phone, "23-withdrawn")
    assert violations(phone) == []
    assert fits(phone)


def test_on_a_wide_screen_and_on_paper(phone: Page, learner: Learner) -> None:
    phone.set_viewport_size(WIDE)  # type: ignore[arg-type]
    phone.goto(path(learner.make("certificate_type", "level", "teo", "issued_on", "number", "name")))
    look(phone, "24-presented-wide")
    phone.emulate_media(media="print")
    expect(phone.get_by_role("navigation")).to_be_hidden()
    expect(phone.get_by_text("Viewed at")).to_be_visible()
    look(phone, "25-presented-paper")
    assert phone.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1
