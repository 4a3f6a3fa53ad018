"""What deadlines refuses."""

from onex.chassis.problems import Refusal


class CalendarOutside(Refusal):
    status, code, title = 422, "calendar_outside", "A year's notice names days of its year, and of the December before"
    clause = "OP-32"


class CalendarIncomplete(Refusal):
    status, code, title = 422, "calendar_incomplete", "The notice is not whole"
    clause = "OP-32"


class CalendarUnchanged(Refusal):
    code, title = "calendar_unchanged", "The year's calendar says this already"
    clause = "OP-32"


class NoCalendar(Refusal):
    status, code, title = 404, "calendar_not_published", "The year has no published calendar"
    clause = "OP-32"
