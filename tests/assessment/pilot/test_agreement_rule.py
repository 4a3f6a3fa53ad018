"""OP-36 by table: an agreement is in force from its first day to its last, both included."""

from datetime import date

import pytest

from services.assessment.pilot import rules
from services.assessment.pilot.errors import NoAgreementInForce

PERIOD = (date(2019, 4, 16), date(2020, 4, 15))


@pytest.mark.rule("OP-36")
@pytest.mark.parametrize("today", [date(2019, 4, 16), date(2019, 12, 31), date(2020, 4, 15)])
def test_within_an_agreement_a_teo_operates(today: date) -> None:
    rules.check_agreement([PERIOD], today)


@pytest.mark.rule("OP-36")
@pytest.mark.parametrize("today", [date(2019, 4, 15), date(2020, 4, 16)])
def test_a_day_before_or_after_it_does_not(today: date) -> None:
    with pytest.raises(NoAgreementInForce):
        rules.check_agreement([PERIOD], today)


@pytest.mark.rule("OP-36")
def test_without_any_agreement_nothing_operates() -> None:
    with pytest.raises(NoAgreementInForce):
        rules.check_agreement([], date(2019, 4, 16))


@pytest.mark.rule("OP-36")
def test_a_second_agreement_carries_on_where_the_first_ended() -> None:
    rules.check_agreement([PERIOD, (date(2020, 4, 16), date(2021, 4, 15))], date(2020, 4, 16))
