"""Where and when a sitting may be, by table (OP-23)."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest

from onex.chassis.ids import new_id
from services.assessment.sittings import rules
from services.assessment.sittings.errors import (
    SiteNotFiled,
    SiteNotOpen,
    SiteOfAnotherType,
    SittingEndsBeforeItStarts,
)

STARTS, MOMENT = datetime(2026, 6, 6, 1, 0, tzinfo=UTC), timedelta(microseconds=1)


@pytest.mark.rule("OP-23")
def test_a_sitting_is_at_a_site_filed_for_its_type() -> None:
    mine, other = new_id(), new_id()
    rules.check_site(mine, mine)
    with pytest.raises(SiteNotFiled):
        rules.check_site(None, mine)
    with pytest.raises(SiteOfAnotherType):
        rules.check_site(other, mine)


@pytest.mark.rule("OP-23")
@pytest.mark.parametrize("standing", ["filed", "suspended", "closed"])
def test_no_sitting_is_set_while_a_site_is_suspended_or_after_it_was_closed(standing: str) -> None:
    if standing == "filed":
        rules.check_standing(standing)
    else:
        with pytest.raises(SiteNotOpen) as refused:
            rules.check_standing(standing)
        assert refused.value.facts == {"standing": standing}


@pytest.mark.rule("OP-22")
@pytest.mark.parametrize(("ends_at", "right"), [(STARTS + MOMENT, True), (STARTS, False), (STARTS - MOMENT, False)])
def test_a_sitting_ends_after_it_starts(ends_at: datetime, right: bool) -> None:
    with nullcontext() if right else pytest.raises(SittingEndsBeforeItStarts):
        rules.check_times(STARTS, ends_at)
