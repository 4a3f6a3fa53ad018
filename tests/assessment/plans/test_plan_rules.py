"""What a plan must be, by tables."""

from typing import Any

import pytest

from onex.chassis.ids import new_id
from services.assessment.plans import rules
from services.assessment.plans.errors import (
    ComponentsNotRight,
    LevelNotPublished,
    PlanNotPublished,
    PlanPublishedAlready,
    TypeOfAnotherTeo,
)


def component(code: str, weight: int, line: int = 6000, name: str | None = None) -> dict[str, Any]:
    return {
        "code": code,
        "name_zh": name or f"部分{code}",
        "name_en": f"Part {code}",
        "weight_percent": weight,
        "pass_line_hundredths": line,
    }


@pytest.mark.rule("PP-19")
@pytest.mark.parametrize(
    "components",
    [
        [component("a", 100)],
        [component("a", 1), component("b", 99)],
        [component("a", 20, 0), component("b", 30, 10_000), component("c", 50)],
    ],
)
def test_weights_that_sum_to_a_hundred_make_a_plan(components: list[dict[str, Any]]) -> None:
    rules.check_components(components, 6000)


@pytest.mark.rule("PP-19")
@pytest.mark.parametrize(
    "components",
    [
        [],
        [component("a", 99)],
        [component("a", 50), component("b", 51)],
        [component("a", 100), component("b", 0)],
        [component("a", 110), component("b", -10)],
        [component("a", 50), component("a", 50, name="另一个")],
        [component("a", 50, name="同名"), component("b", 50, name="同名")],
        [component("a", 100, -1)],
        [component("a", 100, 10_001)],
    ],
)
def test_components_that_are_not_right_are_refused(components: list[dict[str, Any]]) -> None:
    with pytest.raises(ComponentsNotRight):
        rules.check_components(components, 6000)


@pytest.mark.rule("PP-19")
@pytest.mark.parametrize(("line", "right"), [(-1, False), (0, True), (10_000, True), (10_001, False)])
def test_the_plans_own_pass_line_lies_from_0_to_100_points(line: int, right: bool) -> None:
    if right:
        rules.check_components([component("a", 100)], line)
    else:
        with pytest.raises(ComponentsNotRight):
            rules.check_components([component("a", 100)], line)


@pytest.mark.rule("PP-10")
def test_only_a_level_with_a_published_standard_is_assessed() -> None:
    levels = {"primary": "1.0", "intermediate": "2.1"}
    assert rules.standard_in_force(levels, "intermediate") == "2.1"
    with pytest.raises(LevelNotPublished):
        rules.standard_in_force(levels, "advanced")


@pytest.mark.rule("PP-18")
def test_only_the_teo_of_the_type_assesses_it() -> None:
    teo = new_id()
    rules.check_teo(teo, teo)
    for other in (new_id(), None):
        with pytest.raises(TypeOfAnotherTeo):
            rules.check_teo(teo, other)


@pytest.mark.rule("OP-22")
def test_a_plan_is_published_once_and_works_from_then_on() -> None:
    rules.check_can_be_published("draft")
    rules.check_published("published")
    with pytest.raises(PlanPublishedAlready):
        rules.check_can_be_published("published")
    with pytest.raises(PlanNotPublished):
        rules.check_published("draft")
