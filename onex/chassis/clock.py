"""The one place that asks for the time. Days are days in Beijing (UTC+8), as the clauses' deadlines mean them."""

from datetime import UTC, date, datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")


def now() -> datetime:
    """The current time, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The current day in Beijing."""
    return now().astimezone(BEIJING).date()


def beijing_day(moment: datetime) -> date:
    """The day in Beijing on which `moment` falls."""
    return moment.astimezone(BEIJING).date()
