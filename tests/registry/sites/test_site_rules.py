"""What a site must meet, and who may say yes or undo a step, on plain values (OP-23, PP-20)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.registry.sites import errors, rules

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.rule("OP-23")
def test_each_side_consents_once() -> None:
    rules.check_consent(None)
    with pytest.raises(errors.ConsentGiven):
        rules.check_consent(NOW)


@pytest.mark.rule("OP-23")
@pytest.mark.parametrize("side", ["teo", "province"])
def test_the_side_that_suspended_a_site_lets_it_resume(side: str) -> None:
    rules.check_resumed_by(side, side)
    for other in {"teo", "province", None} - {side}:
        with pytest.raises(errors.SuspendedByOther) as refused:
            rules.check_resumed_by(side, other)
        assert refused.value.facts == {"suspended_by": other}


@pytest.mark.rule("OP-23", "PP-20")
@pytest.mark.parametrize(
    ("condition", "answer", "fault"),
    [
        ({"kind": "number", "least": 30}, 30, None),
        ({"kind": "number", "least": 30}, 29, "not_met"),
        ({"kind": "number", "least": 0}, 0, None),  # none are asked for, none are there
        ({"kind": "number", "least": 0}, True, "wrong_kind"),
        ({"kind": "yes_no"}, True, None),
        ({"kind": "yes_no"}, False, "not_met"),
        ({"kind": "yes_no"}, 1, "wrong_kind"),
        ({"kind": "text"}, "1 Gbit/s", None),
        ({"kind": "text"}, 7, "wrong_kind"),
        ({"kind": "text"}, "", "unanswered"),
        ({"kind": "text"}, None, "unanswered"),
    ],
)
def test_a_condition_is_met_from_its_least_by_yes_or_by_any_text(
    condition: dict[str, Any], answer: Any, fault: str | None
) -> None:
    required = [{"name": "it", **condition}]
    if fault is None:
        rules.check_conditions(required, {"it": answer, "remark": "x"})
    else:
        with pytest.raises(errors.ConditionsNotMet) as refused:
            rules.check_conditions(required, {"it": answer})
        assert {name: names for name, names in refused.value.facts.items() if names} == {fault: ["it"]}
