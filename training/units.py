"""Distances, paces and days as text and as numbers."""

import datetime as dt
import math
import re

KM_PER_MILE = 1.609344
DAY, WEEK = dt.timedelta(days=1), dt.timedelta(days=7)
_PACE = re.compile(r"(\d{1,2}):([0-5]\d)")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def km_from_miles(miles: float) -> float:
    """Return the distance in km."""
    return miles * KM_PER_MILE


def miles_from_km(km: float) -> float:
    """Return the distance in miles."""
    return km / KM_PER_MILE


def parse_pace(text: str) -> int:
    """Return a pace written as minutes:seconds in whole seconds.

    Raises ValueError where the text is not of that form.
    """
    match = _PACE.fullmatch(text)
    if match is None:
        raise ValueError(f"a pace is written like '5:40' (minutes:seconds), not {text!r}")
    return int(match[1]) * 60 + int(match[2])


def render_pace(seconds: float) -> str:
    """Return a pace in s/km (or s/mile) as minutes:seconds."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"


def render_number(value: float) -> str:
    """Return a number as a person writes it: at most one decimal, no trailing zero."""
    rounded = round(value, 1)
    return str(int(rounded)) if rounded == math.floor(rounded) else f"{rounded:.1f}"


def weekday(day: dt.date) -> str:
    """Return the English name of the day's weekday."""
    return WEEKDAYS[day.weekday()]


def monday_of(day: dt.date) -> dt.date:
    """Return the Monday of the day's week."""
    return day - dt.timedelta(days=day.weekday())


def day_text(day: dt.date) -> str:
    """Return a day as people write it: "Thursday, February 12"."""
    return f"{weekday(day)}, {MONTHS[day.month - 1]} {day.day}"


def days_text(count: int) -> str:
    """Return a number of days as people write it: "1 day", "2 days"."""
    return f"{count} day" if count == 1 else f"{count} days"


def weeks_text(count: int) -> str:
    """Return a number of weeks as people write it: "1 week", "2 weeks"."""
    return f"{count} week" if count == 1 else f"{count} weeks"
