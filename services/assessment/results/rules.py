"""How component scores make a result."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from services.assessment.results.errors import RowRefused


class Outcome(NamedTuple):
    """The weighted score in hundredths of a point, and whether it is a pass."""

    score_hundredths: int
    passed: bool


def judge(scores: Sequence[int], weights_percent: Sequence[int], pass_lines: Sequence[int], pass_line: int) -> Outcome:
    """PP-19: weigh the components; a pass reaches the plan's pass line and every component's own.

    All but the weights in hundredths of a point; weights sum to 100. Exact: what lies below a hundredth of a point
    is dropped, so that the score that is shown and the decision never disagree.
    """
    weighted = sum(score * weight for score, weight in zip(scores, weights_percent, strict=True)) // 100
    components_passed = all(score >= line for score, line in zip(scores, pass_lines, strict=True))
    return Outcome(weighted, components_passed and weighted >= pass_line)


def unknown_registration() -> RowRefused:
    return RowRefused(
        "registration_number",
        "unknown_registration",
        "No candidate of this plan has this registration number.",
        "本考核计划中没有该报名号。",
    )


def duplicate_row(first_row: int) -> RowRefused:
    """The same registration stood higher up in the same file."""
    return RowRefused(
        "registration_number",
        "duplicate_row",
        f"The same registration is in row {first_row} of this file.",
        f"与本文件第{first_row}行为同一报名号。",
    )


def result_published() -> RowRefused:
    """A published result is final: what it made (a certificate, credit) has left this service."""
    return RowRefused(
        "registration_number",
        "result_published",
        "The result was published and cannot be changed.",
        "该成绩已发布，不能修改。",
    )


def result_annulled() -> RowRefused:
    """An annulled result is not published again: an assessment anew is a new registration (PP-17)."""
    return RowRefused(
        "registration_number",
        "result_annulled",
        "The result was annulled. Whoever is assessed anew is registered anew, in another plan.",
        "该成绩已作废，重新考核须在新的考核计划中重新报名。",
    )


def sitting_annulled() -> RowRefused:
    """Nothing of an annulled sitting is published any more (PP-21)."""
    return RowRefused(
        "registration_number",
        "sitting_annulled",
        "The sitting was annulled. Whoever is assessed anew is registered anew, in another plan.",
        "该场次考核已作废，重新考核须在新的考核计划中重新报名。",
    )


def registration_released() -> RowRefused:
    """OP-41, OP-42: who was released from the plan was not assessed in it."""
    return RowRefused(
        "registration_number",
        "registration_released",
        "The candidate was released from this plan.",
        "该考生在本考核计划中的报名已解除。",
    )


def check_begun(starts_at: datetime, now: datetime) -> None:
    """PP-17: nobody has scores of a sitting that is still to begin."""
    if starts_at > now:
        raise RowRefused(
            "registration_number", "sitting_not_begun", "The candidate's sitting has not begun.", "该考生所在场次尚未开始。"
        )


def sitting_not_held() -> RowRefused:
    """OP-41, OP-42: after the exit of the TEO, or of the site's college, no sitting is held: whoever was to come is moved or
    released."""
    return RowRefused(
        "registration_number",
        "sitting_not_held",
        "The sitting lies after the exit of the TEO or of the site's college: it is not held.",
        "该场次在培训评价组织或考点院校退出试点之后，不再举行。",
    )
