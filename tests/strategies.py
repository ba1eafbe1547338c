"""Random archives, queries and settings for property tests, small enough that much of them meets.

    @given(archives(), queries(), settings())

An archive is a list of specs (tests.archive) over few paths, few addresses and few words, so that files share
addresses, cite each other and cite the same articles; a query is a tuple of tests.oracle.
"""

from typing import Any

from hypothesis import strategies as st

from tests.oracle import FIELDS, STOP_WORDS, WORDS

__all__ = ["DATES", "DAYS", "URLS", "archives", "batches", "files", "queries", "rankings", "signed_queries", "texts"]

DAYS = ("2019-12-31", "2020-03-01", "2020-08-15", "2020-09-01", "2020-09-30", "2020-10-01")
DATES = (
    *map("{}T{}Z".format, DAYS, ("00:00:00", "23:59:59", "06:30:00", "12:00:00", "18:00:01", "23:00:00")),
    "2020-09-01T12:00:00.250Z",  # fractions of a second are cut off
    "2020-09-01T12:00:00.750Z",
    "2020-10-02T00:00:00Z",  # a day after the commit (tests.archive.NOW), and the next second
    "2020-10-02T00:00:01Z",
)
URLS = tuple(f"https://paper.example/{number}" for number in range(7))
PATHS = tuple(f"{folder}{name}.md" for folder in ("", "2020/") for name in "abc")
PROVIDERS = ({"name": "Salon", "domain": "salon.example"}, {"name": "Globe"}, {"domain": "globe.example"})
TOPICS = ("kelp", "norb tarn", "the vost", "brum kelp")

_words = st.sampled_from((*WORDS[:5], *WORDS, *STOP_WORDS))


def texts(at_least: int = 0, most: int = 6) -> st.SearchStrategy[str]:
    """Some words, stop words among them."""
    return st.lists(_words, min_size=at_least, max_size=most).map(" ".join)


def _optional(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


_qualities = _optional(st.sampled_from((-1, 0, 11, 43, 43, 80, 100, 189)))
_shared = {
    "title": texts(1),
    "excerpt": texts(),
    "date": _optional(st.sampled_from(DATES)),
    "quality": _qualities,
    "provider": _optional(st.sampled_from(PROVIDERS)),
    "type": st.sampled_from((None, "article", "video")),
    "images": st.sampled_from((None, [{"url": "https://paper.example/p.png", "width": 4, "height": 3}])),
}
_related = st.fixed_dictionaries({"url": st.sampled_from(URLS), **_shared})


def files(path: str, *, dated_by_address: bool = False) -> st.SearchStrategy[dict[str, Any]]:
    """The specs that a path can have. With `dated_by_address` the address decides the date."""
    spec = st.fixed_dictionaries(
        {
            "path": st.just(path),
            "url": _optional(st.sampled_from(URLS)),
            **_shared,
            "updated": _optional(st.sampled_from(DATES)),
            "heat": st.sampled_from((None, -1, 3, 12)),
            "published": st.sampled_from((None, False, True)),
            "topics": st.lists(st.sampled_from(TOPICS), max_size=3, unique=True),
            "body": texts(0, 12),
            "related": st.lists(_related, max_size=3),
        }
    )
    return spec.map(_date_by_address) if dated_by_address else spec


def _date_by_address(spec: dict[str, Any]) -> dict[str, Any]:
    return {
        **spec,
        "date": _date_of(spec["url"] or spec["path"]),
        "related": [{**related, "date": _date_of(related["url"])} for related in spec["related"]],
    }


def _date_of(name: str) -> str | None:
    return (*DATES, None)[sum(name.encode()) % (len(DATES) + 1)]


@st.composite
def archives(draw: st.DrawFn, *, dated_by_address: bool = False) -> list[dict[str, Any]]:
    """The files of an archive, at least one."""
    paths = draw(st.lists(st.sampled_from(PATHS), min_size=1, max_size=len(PATHS), unique=True))
    return [draw(files(path, dated_by_address=dated_by_address)) for path in paths]


@st.composite
def batches(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Syncs, one after the other: for a path the spec it then has, "removed", "touched" or "broken"."""
    changes = st.fixed_dictionaries(
        {},
        optional={
            path: st.one_of(files(path), files(path), st.sampled_from(("removed", "touched", "broken")))
            for path in PATHS
        },
    )
    return draw(st.lists(changes, min_size=1, max_size=5))


_fields = st.sampled_from(FIELDS)
_terms = st.one_of(
    st.tuples(st.just("word"), _words),
    st.tuples(st.just("word"), _words),
    st.tuples(st.just("word"), st.sampled_from(WORDS), _fields),
    st.tuples(st.just("phrase"), texts(1, 3)),
    st.tuples(st.just("phrase"), texts(1, 2), _fields),
)
_levels = st.sampled_from((None, 0, 43, 80))
constraints = st.one_of(
    st.tuples(st.just("quality"), st.sampled_from((0, 12, 43)), st.sampled_from((None, 80, 189))),
    st.tuples(st.just("date"), st.sampled_from((None, *DAYS[:3])), st.sampled_from(DAYS[2:])),
    st.tuples(st.just("provider"), st.sampled_from(("salon", "Globe", "globe.example", "nobody"))),
    st.tuples(st.just("topic"), st.sampled_from(("kelp", "Norb tarn"))),
    st.tuples(st.just("type"), st.sampled_from(("article", "video"))),
    st.tuples(st.just("kind"), st.sampled_from(("item", "related"))),
    st.just(("published",)),
    st.just(("image",)),
)
_plain = st.tuples(st.just("word"), st.sampled_from(WORDS))
_excluded = st.one_of(
    _plain,
    st.tuples(st.just("phrase"), texts(1, 2)),
    constraints,
    st.tuples(st.sampled_from(("and", "or", "seq")), _plain, _plain),
)
_leaves = st.one_of(_terms, _terms, _terms, constraints, st.tuples(st.just("not"), _excluded))


def _combined(children: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(children, min_size=2, max_size=4)
    return st.tuples(st.sampled_from(("seq", "seq", "and", "or")), several).map(lambda parts: (parts[0], *parts[1]))


def queries() -> st.SearchStrategy[Any]:
    """Any query of words, phrases, constraints and combinations."""
    plain = st.lists(_terms, min_size=1, max_size=4).map(lambda children: ("seq", *children))
    return st.one_of(plain, st.recursive(_leaves, _combined, max_leaves=6))


_prefixes = st.sampled_from(("k", "t", "no", "tar", "zorn", "fe", "o", "x"))
_patterns = st.sampled_from(("*r*", "k?lp", "?or*", "*n", "t*e*", "?f", "n*b", "?*?*?*?o*", "*lp*", "x?r"))
_misspelt = st.sampled_from(("kelp", "klep", "nrob", "tan", "or", "zorb", "kelpp", "o", "th", "vxxt"))
_signs = st.one_of(
    st.tuples(st.just("near"), texts(1, 4), st.integers(0, 5)),
    st.tuples(st.just("near"), texts(1, 3), st.integers(1, 3), _fields),
    st.tuples(st.just("prefix"), _prefixes),
    st.tuples(st.just("prefix"), _prefixes, _fields),
    st.tuples(st.just("wildcard"), _patterns),
    st.tuples(st.just("wildcard"), _patterns, _fields),
    st.tuples(st.just("fuzzy"), _misspelt, st.integers(0, 2)),
    st.tuples(st.just("fuzzy"), _misspelt, st.integers(0, 2), _fields),
)
_factors = st.sampled_from((0.5, 2, 3.25, 100))


def _combined_or_boosted(children: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    boosted = st.tuples(st.just("boost"), children, _factors).filter(lambda query: query[1][0] in _HAVE_WEIGHT)
    return st.one_of(_combined(children), boosted)


_HAVE_WEIGHT = ("word", "phrase", "near", "prefix", "wildcard", "fuzzy", "boost", "and", "or", "seq")


def signed_queries() -> st.SearchStrategy[Any]:
    """Any query of the language: those of `queries`, and near, prefix, wildcard and fuzzy, negated too, and boosts."""
    leaves = st.one_of(_terms, _signs, _signs, constraints, st.tuples(st.just("not"), st.one_of(_excluded, _signs)))
    return st.one_of(_signs, st.recursive(leaves, _combined_or_boosted, max_leaves=6))


@st.composite
def rankings(draw: st.DrawFn) -> dict[str, Any]:
    """Settings of the formula as the oracle takes them."""
    quality, recency = draw(st.sampled_from(((0.1, 0.1), (0.0, 0.0), (0.25, 0.5), (0.0, 1.0), (1.0, 0.0), (0.4, 0.6))))
    weights = st.sampled_from((0.0, 0.5, 1.0, 2.0))
    return {
        "quality_weight": quality,
        "recency_weight": recency,
        "half_life": draw(st.sampled_from((1.0, 30.0, 180.0))),
        "k1": draw(st.sampled_from((0.1, 1.2, 2.0))),
        "b": draw(st.sampled_from((0.0, 0.4, 0.75, 1.0))),
        "weights": {name: draw(weights) for name in FIELDS[1:]} | {"title": draw(st.sampled_from((0.5, 2.0)))},
    }
