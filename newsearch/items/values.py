"""What the text of a front-matter value means: dates, whole numbers, yes and no.

    parse_date("2020-09-13 14:08:00 +0200")     # 2020-09-13T12:08:00+00:00
    parse_number("0x10"), parse_flag("Yes")      # 16, True

Every function takes stripped text that is not empty and raises ValueError whose text is a phrase to put after the key's
name. Ages and partial dates (`7d`, `2020-09`) belong to queries, not to items, and are refused.
"""

import math
import re
from datetime import UTC, datetime, timedelta, timezone

__all__ = ["MAX_NUMBER", "fold_line", "parse_date", "parse_flag", "parse_number", "quoted"]

MAX_NUMBER = 1_000_000
"""The largest magnitude a quality, heat, width or height can have."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_YEAR_ONE = datetime(1, 1, 1, tzinfo=UTC)

# The forms YAML and people use besides those that `fromisoformat` reads: one-digit months, a space before the zone.
_LOOSE_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:(?:[Tt]|[ \t]+)(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9})\d*)?)?"
    r"[ \t]*(?:[Zz]|UTC|GMT|([+-])(\d\d?)(?::?(\d\d))?)?)?\Z",
    re.ASCII,
)
_MAIL_DATE = re.compile(
    r"(?:[A-Za-z]{3,9},?[ \t]+)?\d{1,2}[ \t-]+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ \t-]+\d{2,4}"
    r"[ \t]+\d{1,2}:\d\d(?::\d\d)?(?:[ \t]+(?:[+-]\d{4}|[A-Za-z]{1,5}))?(?:[ \t]*\([^()]*\))?\Z",
    re.ASCII | re.IGNORECASE,
)
_BREAK = re.compile(r"[ \t]*[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]\s*")
_HEXADECIMAL = re.compile(r"[+-]?0[xX][0-9a-fA-F]{1,16}\Z")
_DECIMAL = re.compile(r"[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?\Z", re.ASCII)
_FLAGS = {
    **dict.fromkeys(("true", "yes", "on", "1", "y", "t"), True),
    **dict.fromkeys(("false", "no", "off", "0", "n", "f"), False),
}
_SHOWN = 60


def parse_date(text: str) -> datetime:
    """A date of ISO 8601, with or without time and zone, or of RFC 2822, as an aware datetime in UTC.

    Without a zone it is UTC. The epoch's and the calendar's first second stand for "no date" in the exports of many
    programs and are refused.
    """
    # A date alone, or T or a space after it: else `fromisoformat` would read "2020-09-13+02:00" as two in the morning.
    if text[4:5] == "-" and text[10:11] in ("T", " ", ""):
        try:
            date = datetime.fromisoformat(text)
        except ValueError:
            date = _parse_loosely(text)
    else:
        date = _parse_loosely(text)
    zone = date.tzinfo
    if zone is None:
        date = date.replace(tzinfo=UTC)
    elif zone is not UTC:
        try:
            date = date.astimezone(UTC)
        except OverflowError:
            raise ValueError(f"{quoted(text)} is outside of the years 1 to 9999") from None
    year = date.year
    if (year == 1970 and date == _EPOCH) or (year == 1 and date == _YEAR_ONE):
        raise ValueError(f"{quoted(text)} stands for no date")
    return date


def parse_number(text: str) -> int:
    """A whole number within ±1,000,000: decimal, hexadecimal after 0x, or a fraction, rounded half up."""
    if len(text) <= 6 and text.isascii() and text.isdigit():
        return int(text)
    if _HEXADECIMAL.match(text):
        number = int(text, 16)
    elif len(text) <= 64 and _DECIMAL.match(text):
        exact = float(text.replace("_", ""))
        number = math.floor(exact + 0.5) if abs(exact) <= MAX_NUMBER + 1 else MAX_NUMBER + 1
    else:
        raise ValueError(f"{quoted(text)} is not a whole number")
    if abs(number) > MAX_NUMBER:
        raise ValueError(f"{quoted(text)} is beyond {MAX_NUMBER:,}")
    return number


def parse_flag(text: str) -> bool:
    """true, yes, on, 1 or false, no, off, 0, in any case; y, t, n and f too."""
    try:
        return _FLAGS[text.lower()]
    except KeyError:
        raise ValueError(f"{quoted(text)} is neither true nor false") from None


def fold_line(text: str) -> str:
    """The text on one line: each line end, with the spaces around it, becomes one space."""
    return _BREAK.sub(" ", text).strip()


def quoted(text: str) -> str:
    """A value as a message quotes it: in quotes, with control characters escaped and 60 characters at most."""
    shown = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    escaped = repr(shown)
    return escaped if len(escaped) <= 2 * _SHOWN else escaped[: 2 * _SHOWN - 2] + "…'"


def _parse_loosely(text: str) -> datetime:
    found = _LOOSE_ISO.match(text)
    if found is not None:
        try:
            return _from_parts(found)
        except ValueError as error:
            raise ValueError(f"{quoted(text)} is not a date of the calendar ({error})") from None
    if len(text) <= 80 and _MAIL_DATE.match(text):
        # Imported here: the mail package costs more to load than a whole query, and few archives need it.
        from email.utils import parsedate_to_datetime  # noqa: PLC0415

        try:
            return parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            pass
    raise ValueError(f"{quoted(text)} is not a date; write it as 2020-09-13T12:08:00Z")


def _from_parts(found: re.Match[str]) -> datetime:
    year, month, day, hour, minute, second, fraction, sign, zone_hours, zone_minutes = found.groups()
    zone = UTC
    if sign is not None:
        offset = timedelta(hours=int(zone_hours), minutes=int(zone_minutes or 0))
        zone = timezone(-offset if sign == "-" else offset)
    microsecond = int((fraction or "0").ljust(6, "0")[:6])
    time = int(hour or 0), int(minute or 0), int(second or 0), microsecond
    return datetime(int(year), int(month), int(day), *time, tzinfo=zone)
