"""Refusals of presentations."""

from onex.chassis.problems import Invalid, NotFound, Refusal


class WrongChoice(Invalid):
    code, title = "wrong_choice", "These parts of the certificate cannot be shown together"


class TooManyPresentations(Refusal):
    code, title = "too_many_presentations", "So many links are in force already; withdraw one first"


class NothingShown(NotFound):
    title = "There is no presentation here: it never was, it has ended, or its holder has withdrawn it"
