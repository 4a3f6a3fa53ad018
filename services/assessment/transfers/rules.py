"""Who cannot be assessed where they are registered, and where they may go (OP-41, OP-42, PP-15)."""

from datetime import datetime

from services.assessment.transfers.errors import NumberRefused, RefundedAlready, SittingHasBegun, SittingOfNobody

CAUSES = ("teo_exited", "college_exited", "site_closed")
TEO_EXITED, COLLEGE_EXITED, SITE_CLOSED = CAUSES


def stranded_by(
    starts_at: datetime, teo_exited_at: datetime | None, college_exited_at: datetime | None, closed_at: datetime | None
) -> str | None:
    """OP-41, OP-42: why nobody gets a result in this sitting any more; None where they do.

    Of a TEO that has left no result is published, whenever the sitting was. At the site of a college that has left, and at
    one that was closed, no sitting is held from that moment on; one that had begun before was held.
    """
    if teo_exited_at is not None:
        return TEO_EXITED
    if college_exited_at is not None and starts_at >= college_exited_at:
        return COLLEGE_EXITED
    if closed_at is not None and starts_at >= closed_at:
        return SITE_CLOSED
    return None


def is_held(starts_at: datetime, teo_exited_at: datetime | None, college_exited_at: datetime | None) -> bool:
    """OP-41, OP-42: whether a sitting began before the exits of its TEO and its site's college: from the decision on none is
    held."""
    return all(exited_at is None or starts_at < exited_at for exited_at in (teo_exited_at, college_exited_at))


def check_to_be_held(cause: str | None) -> None:
    """OP-42: nobody is moved to a sitting that is not held either."""
    if cause is not None:
        raise SittingOfNobody(cause=cause)


def check_not_begun(starts_at: datetime, now: datetime) -> None:
    """Nobody is moved to a sitting from the moment it begins."""
    if starts_at <= now:
        raise SittingHasBegun()


def check_unassessed(has_result: bool) -> None:
    """PP-22: who has a result was assessed, and keeps it: published or waiting to be."""
    if has_result:
        raise NumberRefused("assessed", "The candidate has a result in this plan.", "该考生在本考核计划中已有成绩。")


def check_not_released(released: bool) -> None:
    """Who was released from the plan is registered anew, in another."""
    if released:
        raise NumberRefused(
            "registration_released", "The registration was released.", "该报名已解除，须在新的考核计划中重新报名。"
        )


def check_may_leave(cause: str | None, annulled: bool, starts_at: datetime, now: datetime) -> None:
    """OP-42, PP-15: one leaves a sitting that is not held, and another of one's own choice until it begins.

    PP-21: whose sitting was annulled is registered anew, in another plan.
    """
    if annulled:
        raise NumberRefused("sitting_annulled", "The sitting was annulled.", "该场次考核已作废。")
    if cause is None and starts_at <= now:
        raise NumberRefused("sitting_has_begun", "The candidate's sitting has begun.", "该考生所在场次已开始。")


def check_place(registered: int, capacity: int) -> None:
    """Nobody is moved where every place is taken."""
    if registered >= capacity:
        raise NumberRefused("sitting_full", "Every place of the sitting is taken.", "该场次名额已满。")


def check_stranded(cause: str | None) -> None:
    """OP-41, OP-42: only who cannot be assessed is released: nobody else loses a registration."""
    if cause is None:
        raise NumberRefused("sitting_is_held", "The candidate's sitting is held.", "该考生所在场次照常举行。")


def unknown_registration() -> NumberRefused:
    return NumberRefused(
        "unknown_registration",
        "No candidate of this plan whom you may move has this number.",
        "本考核计划中没有您可调整的该报名号。",
    )


def check_not_refunded(refunded_at: datetime | None) -> None:
    """OP-30: a fee is paid back once."""
    if refunded_at is not None:
        raise RefundedAlready()
