"""What may become a certificate type and a standard, on plain values (PP-05, PP-10, PP-12, PP-16)."""

from datetime import date, timedelta

import pytest

from services.registry.standards import errors, resource_rules, rules

DAY, ONE = date(2026, 3, 2), timedelta(days=1)


@pytest.mark.rule("PP-16")
def test_a_cancelled_qualification_does_not_come_back() -> None:
    rules.check_not_cancelled(None)
    with pytest.raises(errors.CancelledQualification) as refused:
        rules.check_not_cancelled("国发〔2016〕68号")
    assert refused.value.facts == {"decision": "国发〔2016〕68号"}


@pytest.mark.rule("PP-12")
def test_the_technical_body_is_none_of_the_authors_however_it_is_written() -> None:
    rules.check_reviewer("Standards Institute", ["Acme", "College of Industry"])
    for name in ("Acme", "ACME", " a c m e "):
        with pytest.raises(errors.ReviewerIsAuthor):
            rules.check_reviewer(name, ["College of Industry", "Acme"])


@pytest.mark.rule("PP-05", "OP-33")
def test_a_standard_is_released_from_its_day_on() -> None:
    assert [rules.is_released(day, DAY) for day in (DAY - ONE, DAY, DAY + ONE)] == [True, True, False]


@pytest.mark.rule("PP-10")
def test_what_is_done_for_a_level_needs_a_standard_in_force_at_it() -> None:
    rules.check_level_published("primary", ["primary", "advanced"])
    for published in ([], ["advanced"]):
        with pytest.raises(errors.LevelNotPublished) as refused:
            rules.check_level_published("primary", published)
        assert refused.value.facts == {"level": "primary"}


@pytest.mark.rule("PP-05", "PP-10")
def test_what_was_never_published_is_no_certificate_yet() -> None:
    rules.check_published(1)
    with pytest.raises(errors.CertificateTypeNotPublished):
        rules.check_published(0)


@pytest.mark.rule("OP-41", "OP-21")
def test_a_standard_is_looked_at_again_after_three_years_and_ten_at_the_latest() -> None:
    assert (rules.USUAL_INTERVAL_MONTHS, rules.LONGEST_INTERVAL_MONTHS) == (3 * 12, 10 * 12)


@pytest.mark.rule("OP-21")
def test_months_end_with_the_calendar() -> None:
    assert rules.months_after(date(9998, 12, 31), 12) == date(9999, 12, 31)
    assert rules.months_after(date(9999, 6, 30), 6) == date(9999, 12, 30)
    assert rules.months_after(date(9999, 12, 1), 1) == date.max


@pytest.mark.rule("OP-21", "OP-41")
def test_banks_are_renewed_each_year_textbooks_after_three_and_a_case_needs_one_that_was_not() -> None:
    assert resource_rules.USUAL_INTERVAL_MONTHS == {"textbook": 36, "case_bank": 12, "question_bank": 12}
    assert resource_rules.LONGEST_INTERVAL_MONTHS == 5 * 12
    resource_rules.check_something_stale(1)
    with pytest.raises(errors.NothingStale):
        resource_rules.check_something_stale(0)
