"""The steps in the code are those in the documents, each once, and each is somewhere passed."""

import re
from pathlib import Path

from onex.messaging.steps import Step

CHECKOUT = Path(__file__).resolve().parents[3]


def test_the_architecture_names_every_step_and_no_other() -> None:
    told = re.findall(r"`(\d+\.\d+-[a-z-]+)`", (CHECKOUT / "docs" / "architecture.md").read_text())
    assert told == [str(step) for step in Step]


def test_every_step_is_passed_somewhere_in_the_code() -> None:
    folders = ("onex/messaging", "services")
    code = "".join(file.read_text() for folder in folders for file in (CHECKOUT / folder).rglob("*.py"))
    assert {step for step in Step if f"reached(Step.{step.name})" in code} == set(Step)


def test_every_test_that_the_page_on_reliability_names_is_there() -> None:
    page = (CHECKOUT / "docs" / "reliability.md").read_text()
    named = set(re.findall(r"tests/[a-z_0-9/]+\.py", page))
    assert named
    assert [name for name in named if not (CHECKOUT / name).exists()] == []
