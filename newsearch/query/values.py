"""What stands after the colon of a field that only selects, read into a constraint.

    read_constraint("quality", "60..80", (0, 14), today=now).node      NumberRange("quality", 60, 80)

The fields whose words score (title, body, ...) are not read here: their values are words and phrases.
"""

import re
from datetime import datetime
from typing import NamedTuple

from newsearch.errors import QueryError
from newsearch.query.ast import DateRange, Flag, Keyword, Node, NumberRange
from newsearch.query.dates import DateSyntaxError, parse_comparison
from newsearch.query.fields import HAS_VALUES, IS_VALUES, KINDS, NUMBER_FIELDS, nearest

__all__ = ["Constraint", "read_constraint"]

_LARGEST = 10**9
_NUMBER = r"[+-]?[0-9]{1,18}"
_COMPARED = re.compile(rf"(>=|<=|>|<|=)?({_NUMBER})")
_SPANNED = re.compile(rf"({_NUMBER})?\.\.({_NUMBER})?")


class Constraint(NamedTuple):
    """A constraint, and whether a date in it was counted back from today."""

    node: Node
    age: bool = False


def read_constraint(field: str, text: str, span: tuple[int, int], *, today: datetime) -> Constraint:
    """`field:text` as a constraint that has this span.

    Raises QueryError, whose text is the clause that says what is wrong and the right form.
    """
    if field in NUMBER_FIELDS:
        low, high = _number_range(field, text)
        return Constraint(NumberRange(field, low, high, span))
    if field == "date":
        try:
            dates = parse_comparison(text, today=today)
        except DateSyntaxError as error:
            form = "date:2020-09, date:2020-08..2020-09, date:>=2020 or date:7d"
            raise QueryError(f"{error.reason}; write for example {form}") from None
        return Constraint(DateRange(dates.start, dates.end, span), dates.age)
    if field == "is":
        name = _one_of(field, text, IS_VALUES)
        return Constraint(Keyword("kind", name, span) if name in KINDS else Flag(name, span))
    if field == "has":
        return Constraint(Flag(_one_of(field, text, HAS_VALUES), span))
    if field == "kind":
        return Constraint(Keyword(field, _one_of(field, text, KINDS), span))
    return Constraint(Keyword(field, text, span))


def _number_range(field: str, text: str) -> tuple[int | None, int | None]:
    stripped = text.strip()
    if found := _COMPARED.fullmatch(stripped):
        sign, number = found.group(1), int(found.group(2))
        low = {">=": number, ">": number + 1, "<=": None, "<": None}.get(sign, number)
        high = {"<=": number, "<": number - 1, ">=": None, ">": None}.get(sign, number)
        return _bounded(low), _bounded(high)
    if (found := _SPANNED.fullmatch(stripped)) and stripped != "..":
        low, high = (None if side is None else int(side) for side in found.groups())
        if low is not None and high is not None and low > high:
            raise QueryError(f"the range runs backwards; write {field}:{high}..{low}")
        return _bounded(low), _bounded(high)
    raise QueryError(f"{field} takes whole numbers, as in {field}:>=60, {field}:<40, {field}:40..80 or {field}:43")


def _bounded(number: int | None) -> int | None:
    return None if number is None else max(-_LARGEST, min(number, _LARGEST))


def _one_of(field: str, text: str, choices: tuple[str, ...]) -> str:
    value = text.strip().lower()
    if value in choices:
        return value
    near = nearest(value, choices)
    hint = f"; the nearest is {field}:{near}" if near and len(choices) > 1 else ""
    raise QueryError(f"{field} takes {' or '.join(choices)}{hint}")
