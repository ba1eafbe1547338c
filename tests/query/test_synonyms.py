"""The user's synonyms: the file, and trees with them."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsearch.errors import ConfigError
from newsearch.query import ast, parse
from newsearch.query.synonyms import Synonyms, expand, read_synonyms

TODAY = datetime(2020, 10, 1, tzinfo=UTC)


def read(folder: Path, text: str | bytes) -> Synonyms:
    file = folder / "synonyms.yaml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_synonyms(file)


def expanded(text: str, alternatives: Mapping[str, tuple[str, ...]]) -> ast.Node:
    return expand(parse(text, today=TODAY).tree, Synonyms(alternatives))


def groups(tree: object) -> list[list[str]]:
    """The alternatives of each Synonym, as they would be typed."""
    if isinstance(tree, ast.Synonym):
        return [[str(text) for text in tree.alternatives]]
    children = (tree.child,) if isinstance(tree, ast.Not) else getattr(tree, "children", ())
    return [group for child in children for group in groups(child)]


NATION = {"us": ("usa", "united states"), "usa": ("us", "united states"), "united states": ("us", "usa")}


class TestTheFile:
    def test_texts_of_a_list_mean_each_other(self, tmp_path: Path) -> None:
        synonyms = read(tmp_path, "- [us, usa, united states]\n")
        assert synonyms.of("usa") == ("us", "united states")
        assert synonyms.of("united states") == ("us", "usa")

    def test_texts_of_a_mapping_go_one_way(self, tmp_path: Path) -> None:
        synonyms = read(tmp_path, "- ai: [machine learning, robots]\n- uk: Britain\n")
        assert (synonyms.of("ai"), synonyms.of("robots")) == (("machine learning", "robots"), ())
        assert (synonyms.of("uk"), synonyms.of("britain")) == (("Britain",), ())

    def test_entries_add_up_and_repeat_harmlessly_but_do_not_chain(self, tmp_path: Path) -> None:
        synonyms = read(tmp_path, "- [a, b, a]\n- [b, c]\n- [b, c]\n")
        assert (synonyms.of("a"), synonyms.of("b"), synonyms.of("c")) == (("b",), ("a", "c"), ("b",))

    def test_case_accents_and_spaces_do_not_count(self, tmp_path: Path) -> None:
        assert read(tmp_path, "- [Zürich,  Turicum   Vetus ]\n").of("ZURICH") == ("Turicum Vetus",)

    def test_words_that_yaml_takes_for_something_else_are_text(self, tmp_path: Path) -> None:
        assert read(tmp_path, "- [no, norway, 47, 2020-01-01]\n").of("NO") == ("norway", "47", "2020-01-01")

    @pytest.mark.parametrize("text", ["", "# nothing yet\n", "[]", "---\n"])
    def test_an_empty_file_has_none(self, tmp_path: Path, text: str) -> None:
        assert len(read(tmp_path, text)) == 0

    @pytest.mark.parametrize(
        ("text", "line", "reason"),
        [
            ("us: [usa]\n", 1, "is a list"),
            ("- [a, b]\n- c\n", 2, "an entry is a list"),
            ("- [a, b]\n- [c, [d]]\n", 2, "nothing stands deeper"),
            ("- [a, b]\n- {c: {d: e}}\n", 2, "nothing stands deeper"),
            ("- [a, '']\n", 1, "a text is empty"),
            ("- []\n", 1, "an entry is empty"),
            ("- [x, y]\n- [us]\n", 2, "'us' stands alone here"),
            ("- ai: [AI]\n", 1, "'ai' stands alone here"),
            ("- [a, &x b]\n", 1, "anchors"),
            ("- [a, *x]\n", 1, "anchors"),
            ("- !!python/object/apply:os.system [a]\n", 1, "tags"),
            ("- [x, y]\n- [a, b\n- c\n", 2, "not valid YAML"),
            ("- [a, b]\n---\n- [c, d]\n", 2, "more than one YAML document"),
            ("- [a, \x01]\n", 1, "control character"),
            (b"- [a, b]\n- [\xff]\n", 2, "not UTF-8"),
            ("- [a, b c d e f g h i j]\n", 1, "more than 8 words"),
            (f"- [a, {'b' * 201}]\n", 1, "200 characters"),
            (f"- [{', '.join(f'w{number}' for number in range(51))}]\n", 1, "more than 50 texts"),
            ("".join(f"- [a, w{number}]\n" for number in range(51)), 51, "more than 50 synonyms"),
            ("- [a, b]\n" * 10_001, 10_001, "more than 10,000 entries"),
        ],
    )
    def test_what_makes_no_sense_is_refused_with_its_line(
        self, tmp_path: Path, text: str | bytes, line: int, reason: str
    ) -> None:
        with pytest.raises(ConfigError) as refused:
            read(tmp_path, text)
        assert str(refused.value).startswith(f"{tmp_path / 'synonyms.yaml'}:{line}: ")
        assert reason in str(refused.value)

    def test_a_file_that_is_missing_or_too_large_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match="cannot be read"):
            read_synonyms(tmp_path / "none.yaml")
        with pytest.raises(ConfigError, match="larger than 1 MB"):
            read(tmp_path, "#" * (1 << 20) + "#")

    @given(st.text(max_size=40) | st.text("-[]{}:,&*!|>#ab \n'\"", max_size=40))
    @settings(max_examples=200, deadline=None)
    def test_any_text_is_read_or_refused(self, tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
        with suppress(ConfigError):
            read(tmp_path_factory.getbasetemp(), text.encode("utf-8", "surrogatepass"))


class TestTrees:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("USA ban", [["USA", "us", '"united states"']]),
            ("title:usa", [["title:usa", "title:us", 'title:"united states"']]),
            ('"United  States" ban', [['"United  States"', "us", "usa"]]),
            ("ban united states china", [['"united states"', "us", "usa"]]),
            ("title:(united states)", [['title:"united states"', "title:us", "title:usa"]]),
            ("usa OR china", [["usa", "us", '"united states"']]),
            ("ban -us", [["us", "usa", '"united states"']]),
            ("us usa", [["us", "usa", '"united states"'], ["usa", "us", '"united states"']]),
            ("united OR states", []),
            ("united AND states", []),
            ("united title:states", []),
            ("united -states", []),
            ("states united", []),
            ("provider:us is:item", []),
            ("", []),
        ],
    )
    def test_a_text_with_synonyms_becomes_a_group(self, text: str, expected: list[list[str]]) -> None:
        assert groups(expanded(text, NATION)) == expected

    def test_the_longest_run_of_words_is_taken(self) -> None:
        tree = expanded("new york city", {"new york": ("ny",), "new york city": ("nyc",), "york": ("x",)})
        assert groups(tree) == [['"new york city"', "nyc"]]

    def test_a_group_knows_what_was_typed_and_where(self) -> None:
        tree = expanded("ban United States", NATION)
        assert isinstance(tree, ast.Sequence)
        group: object = tree.children[1]
        assert isinstance(group, ast.Synonym)
        assert (group.original.text, group.span, str(tree)) == ("United States", (4, 17), 'ban "United States"')

    def test_a_tree_without_synonyms_is_the_same_object(self) -> None:
        tree = parse("ban (china OR title:japan) -x", today=TODAY).tree
        assert expand(tree, Synonyms(NATION)) is tree
        assert expand(tree, Synonyms({})) is tree

    def test_a_text_that_cannot_be_typed_bare_is_a_phrase(self) -> None:
        assert groups(expanded("not", {"not": ("AND", "a:b", "-x")})) == [["not", '"AND"', '"a:b"', '"-x"']]

    def test_a_query_gets_a_bounded_number_of_alternatives(self) -> None:
        many = {"a": tuple(f"w{number}" for number in range(50))}
        assert len(groups(expanded("a " * 20, many))) == 5
