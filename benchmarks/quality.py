"""What a quality that says nothing costs: nDCG@10 with qualities drawn at random, beside the same without them.

    python -m benchmarks.quality SET... --weights 0.1,0.05 --draws 10

A SET is a folder of judged queries with a corpus (docs/evaluation.md). Each draw gives every document a quality, evenly
from 0 to 120, from a seed of its own, and indexes the corpus with them; then each weight is tried on it as
`ranking.quality_weight`, all other settings being the defaults, and once with quality and recency off. The table tells
the mean of the differences over the draws, its standard error, and in brackets the standard deviation of a single draw.
It needs the extra `eval`.
"""

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import fmean, stdev

from newsearch import RankingSettings
from newsearch.evaluation import Collection, JudgedSet, Measures
from newsearch.model import NewsItem

__all__ = ["Drawn", "differences", "main"]

MEASURE = "nDCG@10"
HIGHEST = 120
"""The highest quality that is drawn; above 100 all count as 100, as in archives."""

_OFF = RankingSettings(quality_weight=0.0, recency_weight=0.0)


class Drawn(JudgedSet):
    """A judged set whose documents have qualities that are drawn."""

    def __init__(self, folder: Path, seed: int) -> None:
        super().__init__(folder)
        self._seed = seed

    def documents(self) -> Iterator[NewsItem]:
        """The corpus, the same for the same seed."""
        drawn = random.Random(self._seed)
        return (replace(item, quality=drawn.randint(0, HIGHEST)) for item in super().documents())


def differences(folder: Path, weights: Sequence[float], seed: int) -> tuple[float, list[float]]:
    """The measure with quality and recency off, and by how much each weight changes it in one draw."""
    judged, measures = Drawn(folder, seed), Measures([MEASURE])
    topics, qrels = judged.topics(), judged.qrels()
    asked = {topic.id: qrels[topic.id] for topic in topics}
    with Collection.of_corpus(judged) as collection:
        tried = [_OFF, *(RankingSettings(quality_weight=weight) for weight in weights)]
        values = [measures.of(asked, collection.run(topics, each, depth=10)).mean[MEASURE] for each in tried]
    return values[0], [value - values[0] for value in values[1:]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure each set, and print a table in Markdown."""
    chosen = _parser().parse_args(arguments)
    heads = ["set", "off", *(f"quality {weight:g}" for weight in chosen.weights)]
    print("| " + " | ".join(heads) + " |\n|" + " --- |" * len(heads), flush=True)
    for folder in chosen.sets:
        found = [differences(folder, chosen.weights, seed) for seed in range(chosen.draws)]
        columns = [_told([of_draw[column] for _, of_draw in found]) for column in range(len(chosen.weights))]
        print("| " + " | ".join([folder.name, f"{found[0][0]:.4f}", *columns]) + " |", flush=True)


def _told(values: Sequence[float]) -> str:
    spread = stdev(values)
    return f"{fmean(values):+.4f} ± {spread / len(values) ** 0.5:.4f} ({spread:.4f})"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description="Measure what quality costs.")
    parser.add_argument("sets", nargs="+", type=Path, metavar="SET")
    parser.add_argument("--weights", type=_weights, default=[RankingSettings().quality_weight], metavar="W,W,...")
    parser.add_argument("--draws", type=_several, default=10, metavar="N", help="of qualities, 2 or more (default: 10)")
    return parser


def _weights(text: str) -> list[float]:
    return [float(weight) for weight in text.split(",")]


def _several(text: str) -> int:
    number = int(text)
    if number < 2:
        raise argparse.ArgumentTypeError(f"{text} is below 2; an error cannot be told from one draw")
    return number


if __name__ == "__main__":
    main()
