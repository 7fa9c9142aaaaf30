"""What time it is: the only code that asks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from rcaid.db.unit import Moment
from rcaid.domain.ids import milliseconds_of

ZONE = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Gives the moment of an act."""

    def moment(self) -> Moment:
        """Now, in UTC and as a business date."""


class SystemClock:
    """The computer's clock."""

    def moment(self) -> Moment:
        return moment_of(datetime.now(UTC))


class SetClock:
    """A demo's clock: it stands at nine on the day that is set and moves a little with each act."""

    def __init__(self, day: str) -> None:
        self._now = datetime.now(UTC)
        self.set(day)

    def set(self, day: str) -> None:
        """Puts the clock to nine in the morning of a day."""
        at = datetime.combine(date.fromisoformat(day), datetime.min.time(), ZONE)
        self._now = (at + timedelta(hours=9)).astimezone(UTC)

    def wait(self, minutes: int) -> None:
        """Lets some time of the day pass."""
        self._now += timedelta(minutes=minutes)

    def moment(self) -> Moment:
        self._now += timedelta(seconds=1)
        return moment_of(self._now)


class DayClock:
    """The clock of a demo that somebody opens: the day that is set, at the computer's time."""

    def __init__(self, day: str) -> None:
        self._day = date.fromisoformat(day)

    def moment(self) -> Moment:
        at = datetime.now(ZONE).timetz()
        return moment_of(datetime.combine(self._day, at).astimezone(UTC))


def moment_of(at: datetime) -> Moment:
    """One time as the store writes it and as the business date it falls on."""
    return Moment(
        at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        at.astimezone(ZONE).date().isoformat(),
        int(at.timestamp() * 1000),
    )


def local_day(at: str) -> str:
    """The business date of a moment as the store writes it, in UTC."""
    return datetime.fromisoformat(at).astimezone(ZONE).date().isoformat()


def day_of(id: str) -> str:
    """The business date on which an id was made."""
    at = datetime.fromtimestamp(milliseconds_of(id) / 1000, UTC)
    return at.astimezone(ZONE).date().isoformat()
