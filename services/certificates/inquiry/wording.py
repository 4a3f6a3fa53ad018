"""What pages say of a certificate, in Chinese and English."""

from datetime import date, datetime
from typing import NamedTuple

from onex.chassis.clock import BEIJING


class State(NamedTuple):
    """How a state is called, how grave it is (`good`, `held`, `bad`), and what it means to who relies on the certificate."""

    zh: str
    en: str
    tone: str
    meaning_zh: str
    meaning_en: str


LEVELS = {"primary": ("初级", "Primary"), "intermediate": ("中级", "Intermediate"), "advanced": ("高级", "Advanced")}
STATES = {
    "valid": State("有效", "Valid", "good", "该证书真实有效。", "This certificate is genuine and in force."),
    "suspended": State(
        "已暂停",
        "Suspended",
        "held",
        "该证书正在核查，恢复之前请勿采信。",
        "This certificate is being looked into. Do not rely on it until it is reinstated.",
    ),
    "revoked": State(
        "已撤销",
        "Revoked",
        "bad",
        "该证书曾经签发，现已撤销，不再有效。",
        "This certificate was issued, was revoked, and is not valid any more.",
    ),
    # Its successor's number is the holder's to give: with it anyone gets the new credential.
    "replaced": State(
        "已更换",
        "Replaced",
        "bad",
        "该证书已由新证书替代，不再有效，请向持证人索取新证书。",
        "A new certificate has taken the place of this one, which is not valid any more. Ask its holder for the new one.",
    ),
}
UNKNOWN_STATE = State("无效", "Not valid", "bad", "该证书现已不再有效。", "This certificate is not valid any more.")

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def state_of(state: str) -> State:
    """How `state` is told; one that this page does not know yet is never called valid."""
    return STATES.get(state, UNKNOWN_STATE)


def day(one: date) -> tuple[str, str]:
    """2026年3月2日, 2 March 2026."""
    return f"{one.year}年{one.month}月{one.day}日", f"{one.day} {_MONTHS[one.month - 1]} {one.year}"


def moment(one: datetime) -> tuple[str, str]:
    """The minute in Beijing: 2026年3月2日 12:05（北京时间）, 2 March 2026, 12:05 (Beijing)."""
    here = one.astimezone(BEIJING)
    (zh, en), at = day(here.date()), here.strftime("%H:%M")
    return f"{zh} {at}（北京时间）", f"{en}, {at} (Beijing time)"
