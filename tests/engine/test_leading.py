"""The first matches found without scoring all: the same documents, order, scores and totals as by scoring all."""

import random
import tempfile
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsearch.engine.whoosh.engine import WhooshEngine
from newsearch.engine.whoosh.evaluate import Evaluation, evaluate
from newsearch.engine.whoosh.matches import Matches
from newsearch.engine.whoosh.order import first_documents
from newsearch.engine.whoosh.view import View
from newsearch.model import FieldWeights, RankingSettings
from newsearch.query import parse
from tests.archive import NOW, build, find, update

WORDS = ("kelp", "norb", "tarn", "vost", "brum")
QUERIES = (
    *("kelp", "kelp norb", "kelp norb tarn", "kelp kelp vost", "title:kelp norb", "kelp absent", "the kelp"),
    *("kelp OR vost", "kelp AND norb", "kelp norb quality:>=50", "kelp -vost", "kelp norb is:item", '"kelp norb" tarn'),
)
WEIGHTS = (FieldWeights(), FieldWeights(title=0.0), FieldWeights(title=9.0, excerpt=0.1, topics=0.0))


def archive(seed: int, size: int) -> list[dict[str, Any]]:
    """Files of few words, the first of them commoner, so that lists are long and many documents tie."""
    rnd = random.Random(seed)

    def text(most: int) -> str:
        return " ".join(WORDS[min(int(rnd.expovariate(0.7)), 4)] for _ in range(rnd.randint(1, most)))

    return [
        {
            "path": f"{number}.md",
            "title": text(5),
            "excerpt": text(9) if rnd.random() < 0.7 else "",
            "quality": rnd.choice((None, 10, 50, 90, 100)),
            "date": rnd.choice((None, "2018-03-01", "2020-08-01", "2020-09-20")),
        }
        for number in range(size)
    ]


def indexed(folder: Path, files: list[dict[str, Any]], commits: int, figures: RankingSettings) -> WhooshEngine:
    """An index of the files, delivered in so many commits; a few are written again in the last."""
    engine = build(folder, files[::commits], settings=figures)
    for start in range(1, commits):
        update(engine, files[start::commits] + files[:start])
    return engine


def page(evaluation: Evaluation, view: View, wanted: int) -> list[tuple[int, float]]:
    """The first documents and their scores."""
    found = evaluation.leading
    scores = view.blend(found, evaluation.best)
    places = first_documents(found.documents, scores, view.snapshot, sort="relevance", limit=wanted, offset=0)
    return list(zip(found.documents[places].tolist(), scores[places].tolist(), strict=True))


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    size=st.integers(1, 150),
    commits=st.integers(1, 3),
    wanted=st.sampled_from((0, 1, 3, 10, 200)),
    shares=st.sampled_from(((0.1, 0.1), (0.0, 0.0), (0.5, 0.5), (0.0, 0.3))),
    weights=st.sampled_from(WEIGHTS),
)
@example(seed=0, size=1, commits=1, wanted=0, shares=(0.1, 0.1), weights=FieldWeights(title=0.0))
def test_they_are_those_of_scoring_every_match(
    *, seed: int, size: int, commits: int, wanted: int, shares: tuple[float, float], weights: FieldWeights
) -> None:
    figures = RankingSettings(quality_weight=shares[0], recency_weight=shares[1], weights=weights)
    with tempfile.TemporaryDirectory() as folder, patch("newsearch.engine.whoosh.evaluate._MANY", 0):
        engine = indexed(Path(folder), archive(seed, size), commits, figures)
        view = engine._searcher.live
        for text in QUERIES:
            tree = parse(text, today=NOW).tree
            for match in ("auto", "all", "any"):
                every = evaluate(tree, view, match=match)
                first = evaluate(tree, view, match=match, wanted=wanted)
                assert page(first, view, wanted) == page(every, view, wanted)
                assert (first.total, first.best, first.relaxed) == (every.total, every.best, every.relaxed)
                assert first.matches.documents.tolist() == every.matches.documents.tolist()
                assert first.matches.scores.tolist() == every.matches.scores.tolist()
        engine.close()


def test_few_documents_are_scored_where_one_is_far_ahead(tmp_path: Path) -> None:
    files = [{"path": f"{number}.md", "title": "norb " * 20 + "kelp"} for number in range(300)]
    engine = build(tmp_path, [*files, {"path": "best.md", "title": "kelp"}])
    with patch("newsearch.engine.whoosh.evaluate._MANY", 0):
        view = engine._searcher.live
        found = evaluate(parse("kelp", today=NOW).tree, view, match="auto", wanted=1)
    assert found.total == 301
    assert found.leading.documents.size == 1
    assert found.matches.documents.size == 301


def test_pages_fit_together(tmp_path: Path) -> None:
    with patch("newsearch.engine.whoosh.evaluate._MANY", 0):
        engine = build(tmp_path, archive(1, 80))
        whole = [hit.id for hit in find(engine, "kelp norb", match="any", limit=60)]
        parts = [
            hit.id for start in range(0, 60, 7) for hit in find(engine, "kelp norb", match="any", limit=7, offset=start)
        ]
    assert parts[:60] == whole


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=60))
def test_no_score_is_above_its_ceiling(scores: list[float]) -> None:
    matches = Matches(np.arange(len(scores)) * 2, np.array(scores))
    ceilings = matches.ceilings(2 * len(scores) + 1)
    assert (ceilings[matches.documents] * matches.step >= matches.scores).all()
    assert (ceilings[matches.documents] > 0).all()
    assert np.count_nonzero(ceilings) == len(scores)


def test_scoring_some_gives_what_scoring_all_gives(tmp_path: Path) -> None:
    engine = indexed(tmp_path, archive(3, 90), 2, RankingSettings())
    view = engine._searcher.live
    (clause,) = evaluate(parse("kelp", today=NOW).tree, view, match="auto").clauses
    matches, _ = clause._found()
    places = np.array([0, 2, 3])
    some = matches.scores_at(places)
    assert some.tolist() == matches.scores[places].tolist()
