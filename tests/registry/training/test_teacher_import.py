"""A college's list of teachers as a file."""

from collections.abc import Callable
from typing import Any

import pytest

from onex.chassis.access import Role
from tests.registry import importing
from tests.registry.training.conftest import Training
from tests.registry.world import World

HEADING = "工号,姓名,专业,院校代码"


def sent(world: World, *lines: str, **who: Any) -> tuple[int, int, list[str]]:
    return importing.sent(world, "teachers", HEADING, *lines, **who)


@pytest.mark.rule("OP-08", "OP-01")
def test_teachers_come_in_once_and_are_put_right(
    world: World, training: Training, other_college: Callable[[], dict[str, Any]]
) -> None:
    first, second = "T1,欧阳娜娜,Web,", "T2,李四,BIM,"
    assert sent(world, first, second, **training.college) == (2, 0, [])
    assert sent(world, first, second.replace("BIM", "物流"), **training.college) == (1, 1, [])
    shown = world.get("/training/teachers", **training.college)["items"]
    assert [(one["staff_number"], one["name"], one["subject"]) for one in shown] == [
        ("T2", "李*", "物流"),
        ("T1", "欧**娜", "Web"),
    ]
    named = first + world.get(f"/organizations/{training.college_id}")["code"]
    assert sent(world, named, role=Role.OPERATOR) == (0, 1, [])
    assert sent(world, named, **other_college()) == (0, 0, ["organization_not_allowed"])
    assert sent(world, first, named.replace("T1", ""), role=Role.OPERATOR)[2] == ["organization_unknown", "empty_cell"]
