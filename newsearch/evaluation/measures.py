"""What a run is worth by the judgements, in the measures that ir-measures knows.

    measured = Measures(["nDCG@10", "AP"]).of(qrels, run)
    measured.mean["nDCG@10"], measured.each["nDCG@10"]["q1"]

ir-measures gives one notation to the field's measures and leaves the arithmetic to trec_eval's own code. This module
reads the notation (`nDCG@10`, `AP(rel=2)@100`) itself: ir-measures 0.4.3 does so with names that Python 3.14 no longer
has. What the default measures say is in docs/evaluation.md.
"""

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from subprocess import SubprocessError
from typing import TYPE_CHECKING, Any

from newsearch.errors import ConfigError, ExtraMissing
from newsearch.evaluation.qrels import Qrels
from newsearch.evaluation.runs import Run

if TYPE_CHECKING:
    import ir_measures

__all__ = ["DEFAULT_MEASURES", "Measured", "Measures"]

DEFAULT_MEASURES = ("nDCG@10", "AP", "R@100", "RR@10")

_LARGEST = 1_000_000
"""A parameter of a measure, and a cutoff, nearly."""

_NOTATION = re.compile(
    r"(?P<name>[^\W\d]\w*)(?:\((?P<parameters>[^()]*)\))?(?:@(?P<cutoff>[0-9]{1,6}(?:\.[0-9]{1,6})?))?"
)
_PARAMETER = re.compile(r"\s*(?P<name>[^\W\d]\w*)\s*=\s*(?P<value>[^,]+?)\s*(?:,|\Z)")


@dataclass(frozen=True, slots=True)
class Measured:
    """A run's figures: by measure the mean over the queries, and by measure and query each value."""

    mean: Mapping[str, float]
    each: Mapping[str, Mapping[str, float]]


class Measures:
    """Some measures, ready to be taken of runs."""

    def __init__(self, names: Sequence[str] = DEFAULT_MEASURES) -> None:
        """Raises ConfigError for a name that is no measure, ExtraMissing if ir-measures is not installed."""
        self._library = _library()
        measures = {str(found): found for found in map(self._measure, names)}
        self.names = tuple(measures)
        self._measures = measures

    def of(self, qrels: Qrels, run: Run) -> Measured:
        """Every measure of a run, for every query that was judged; one that found nothing counts as 0.

        The order of the run decides, not its scores, which may be equal. Raises ConfigError for a measure that cannot
        be taken of these judgements.
        """
        ranked = {query: {hit[0]: float(-rank) for rank, hit in enumerate(hits)} for query, hits in run.items()}
        judged = {query: dict(grades) for query, grades in qrels.items()}
        each: dict[str, dict[str, float]] = {name: {} for name in self.names}
        for name, measure in self._measures.items():
            try:
                for metric in self._library.iter_calc([measure], judged, ranked):
                    each[name][metric.query_id] = float(metric.value)
            except (ValueError, TypeError, RuntimeError, AssertionError, SubprocessError, OSError) as error:
                raise ConfigError(f"The measure {name} cannot be taken here: {str(error).splitlines()[0]}") from error
        each = {name: {query: values[query] for query in qrels if query in values} for name, values in each.items()}
        return Measured({name: _mean(values) for name, values in each.items()}, each)

    def _measure(self, text: str) -> "ir_measures.Measure":
        """The measure that a name stands for."""
        known: Mapping[str, Any] = self._library.measures.registry
        notation = _NOTATION.fullmatch(text.strip())
        if notation is None:
            raise ConfigError(f"{text!r} is no measure; one is written like nDCG@10 or AP(rel=2).")
        name = notation["name"]
        if name not in known:
            raise ConfigError(f"There is no measure {name}; {_advice(name, known)}")
        kind = known[name]
        parameters = _parameters(text, notation["parameters"] or "")
        # trec_eval's code ends the whole process for a cutoff of 0, and takes numbers of 32 bits.
        if notation["cutoff"] and not notation["cutoff"].strip("0"):
            raise ConfigError(f"{text!r} is no measure; the least cutoff is 1.")
        if any(isinstance(value, int | float) and not -_LARGEST <= value <= _LARGEST for value in parameters.values()):
            raise ConfigError(f"{text!r} is no measure; a parameter is at most {_LARGEST:,}.")
        if isinstance(least := parameters.get("rel", 1), int | float) and least < 1:
            raise ConfigError(f"{text!r} is no measure; rel, the least grade that is relevant, is 1 or more.")
        if notation["cutoff"]:
            parameters[kind.AT_PARAM] = (float if "." in notation["cutoff"] else int)(notation["cutoff"])
        measure: ir_measures.Measure = kind(**parameters)
        try:
            if self._library.DefaultPipeline.supports(measure):
                return measure
        except (AssertionError, ValueError, KeyError) as error:
            hint = f"; it takes {', '.join(kind.SUPPORTED_PARAMS)}" if kind.SUPPORTED_PARAMS else ""
            raise ConfigError(f"{text!r} has a parameter too many, too few or of a wrong value{hint}.") from error
        raise ConfigError(f"The measure {name} needs a package beside ir-measures that is not installed.")


def _library() -> Any:
    try:
        import ir_measures  # noqa: PLC0415 - an extra, which only measuring needs
    except ImportError:
        raise ExtraMissing("Measuring needs ir-measures; install it with: pip install 'newsearch[eval]'") from None
    return ir_measures


def _parameters(text: str, inside: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    at = 0
    while at < len(inside.rstrip()):
        one = _PARAMETER.match(inside, at)
        if one is None:
            raise ConfigError(f"{text!r} is no measure; parameters are written like (rel=2).")
        try:
            found[one["name"]] = ast.literal_eval(one["value"])
        except (ValueError, SyntaxError):
            raise ConfigError(
                f"{text!r} is no measure; {one['value']!r} is neither a number nor a quoted word."
            ) from None
        at = one.end()
    return found


def _advice(name: str, known: Mapping[str, Any]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only for what is misspelt

    folded = {alias.lower(): kind.__name__ for alias, kind in known.items()}
    near = get_close_matches(name.lower(), list(folded), n=1)
    return f"did you mean {folded[near[0]]}?" if near else f"the usual ones are {', '.join(DEFAULT_MEASURES)}."


def _mean(values: Mapping[str, float]) -> float:
    return sum(values.values()) / len(values) if values else 0.0
