"""Phrases of common words have room up to a bound, which depends on what articles have and on nothing else."""

from pathlib import Path

from newsearch.engine.whoosh.budget import within_budget
from newsearch.engine.whoosh.engine import WhooshEngine
from newsearch.query import ast, parse
from tests.archive import NOW, build, find, update

ARTICLES = 150
"""Each has all the common words."""

REASON = "a query has room for few phrases of words that many articles have."


def engine(folder: Path) -> WhooshEngine:
    common = [{"path": f"{number}.md", "title": "kelp norb tarn", "body": "norb kelp"} for number in range(ARTICLES)]
    return build(folder, [*common, {"path": "rare.md", "title": "zinc quay kelp"}])


def left(engine: WhooshEngine, text: str, room: int) -> tuple[str, str | None]:
    """What of a query is searched, printed, and what is said of the rest."""
    tree, warning = within_budget(parse(text, today=NOW).tree, engine._searcher.live, room=room)
    return str(tree), warning


class TestWithinBudget:
    def test_phrases_that_there_is_room_for_all_stay(self, tmp_path: Path) -> None:
        text = '"kelp norb" "norb kelp"~3 kelp-tarn'
        assert left(engine(tmp_path), text, 6 * ARTICLES + 1) == (text, None)

    def test_beyond_that_they_are_left_out_in_the_order_of_the_text(self, tmp_path: Path) -> None:
        found = left(engine(tmp_path), '"kelp norb" tarn ("norb tarn" OR "norb kelp") kelp-tarn', 4 * ARTICLES)
        told = '"norb kelp" and one more phrase were left out: '
        assert found == ('"kelp norb" tarn "norb tarn"', told + REASON)

    def test_one_alone_has_room_whatever_it_takes(self, tmp_path: Path) -> None:
        found = left(engine(tmp_path), '"kelp norb tarn" "norb kelp" kelp', 0)
        assert found == ('"kelp norb tarn" kelp', '"norb kelp" was left out: ' + REASON)

    def test_one_of_a_rare_word_has_room_behind_any_others(self, tmp_path: Path) -> None:
        found, _ = left(engine(tmp_path), '"kelp norb" "norb tarn" "zinc kelp" "quay tarn"~2', 0)
        assert found == '"kelp norb" "zinc kelp" "quay tarn"~2'

    def test_the_same_one_again_takes_nothing(self, tmp_path: Path) -> None:
        text = '"kelp norb" kelp "kelp norb" -"kelp norb"'
        assert left(engine(tmp_path), text, 2 * ARTICLES) == (text, None)

    def test_a_not_or_a_weight_goes_with_what_it_is_of(self, tmp_path: Path) -> None:
        found, _ = left(engine(tmp_path), '"kelp norb" -"norb kelp" ("norb tarn"^2 OR -("tarn norb" "tarn kelp"))', 0)
        assert found == '"kelp norb"'

    def test_stop_words_in_a_row_take_room_too(self, tmp_path: Path) -> None:
        articles = [{"path": f"{number}.md", "title": "to be or not to be"} for number in range(ARTICLES)]
        found, _ = left(build(tmp_path, articles), "to-be not-to or-not", 2 * ARTICLES)
        assert found == "to-be"

    def test_it_is_the_same_however_the_articles_lie_in_segments(self, tmp_path: Path) -> None:
        several = build(tmp_path, [])
        for start in range(0, ARTICLES, 50):
            batch = range(start, start + 50)
            update(several, [{"path": f"{number}.md", "title": "kelp norb tarn"} for number in batch])
        text = '"kelp norb" "norb tarn" "tarn kelp"'
        assert left(several, text, 4 * ARTICLES - 1)[0] == '"kelp norb"'
        assert left(several, text, 4 * ARTICLES)[0] == '"kelp norb" "norb tarn"'

    def test_of_a_synonym_what_was_typed_stays_and_is_not_said_to_be_left_out(self, tmp_path: Path) -> None:
        found = engine(tmp_path)
        synonym = ast.Synonym(ast.Word("tarn"), (ast.Word("tarn"), ast.Phrase("kelp norb")))
        tree = ast.Sequence((ast.Phrase("norb kelp"), synonym))
        assert within_budget(tree, found._searcher.live, room=0) == (
            ast.Sequence((ast.Phrase("norb kelp"), ast.Word("tarn"))),
            'What means the same as "tarn" was left out: ' + REASON,
        )


def test_a_search_finds_what_the_rest_asks_for_and_tells_what_was_left_out(tmp_path: Path) -> None:
    letters = "bcdefghjklmnopqrstu"
    articles = [{"path": f"{number}.md", "title": " ".join(letters)} for number in range(ARTICLES)]
    phrases = [f'"{" ".join(letters[place:] + letters[:place])}"' for place in range(len(letters))]
    found = find(build(tmp_path, articles), " OR ".join([*phrases, *(phrase + "~1" for phrase in phrases)]))
    assert found.total == ARTICLES
    assert [warning for warning in found.warnings if REASON in warning] == list(found.warnings)
    assert len(found.warnings) == 1
