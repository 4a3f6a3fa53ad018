"""What an assessment plan must be."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from services.assessment.plans.errors import (
    ComponentsNotRight,
    LevelNotPublished,
    PlanNotPublished,
    PlanPublishedAlready,
    TypeOfAnotherTeo,
)

FULL_SCORE_HUNDREDTHS = 10_000


def check_teo(teo_of_type: uuid.UUID, teo_id: uuid.UUID | None) -> None:
    """PP-18: only the TEO of a certificate type assesses it. Raises TypeOfAnotherTeo."""
    if teo_id != teo_of_type:
        raise TypeOfAnotherTeo()


def standard_in_force(levels: Mapping[str, str], level: str) -> str:
    """PP-10: the version of the standard published for this level. Raises LevelNotPublished."""
    try:
        return levels[level]
    except KeyError:
        raise LevelNotPublished(f"No standard is published for the level {level}.") from None


def check_components(components: Sequence[Mapping[str, Any]], pass_line_hundredths: int) -> None:
    """PP-19: weighted components, each with its own pass line. Weights are whole percents and sum to 100.

    Raises ComponentsNotRight when they do not, when two have one code or name, or a pass line is out of 0 to 10000.
    """
    if not components:
        raise ComponentsNotRight("A plan has at least one component.")
    weights = [one["weight_percent"] for one in components]
    if min(weights) < 1 or sum(weights) != 100:
        raise ComponentsNotRight(f"The weights must each be at least 1 and sum to 100; they sum to {sum(weights)}.")
    # A results file names its columns by code or name, so no two components may answer to the same heading.
    headings = [{one["code"].casefold(), one["name_zh"].casefold(), one["name_en"].casefold()} for one in components]
    if len(set().union(*headings)) != sum(map(len, headings)):
        raise ComponentsNotRight("Each component needs a code and names of its own.")
    lines = [pass_line_hundredths, *(one["pass_line_hundredths"] for one in components)]
    if not all(0 <= line <= FULL_SCORE_HUNDREDTHS for line in lines):
        raise ComponentsNotRight("A pass line lies from 0 to 10000 hundredths of a point.")


def check_can_be_published(state: str) -> None:
    """OP-22: a plan is published once. Raises PlanPublishedAlready."""
    if state != "draft":
        raise PlanPublishedAlready()


def check_published(state: str) -> None:
    """OP-22: sittings, candidates and results belong to a published plan. Raises PlanNotPublished."""
    if state != "published":
        raise PlanNotPublished()
