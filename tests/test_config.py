"""Settings: four places, which of them wins, and what is refused."""

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsearch.config import KEYS, Configuration, Settings, load
from newsearch.engine.rules import analysis
from newsearch.errors import ConfigError
from newsearch.model import LANGUAGES


def configure(
    folder: Path, toml: str | bytes | None = None, *, environ: Mapping[str, str] | None = None, **overrides: object
) -> Configuration:
    """Load the settings as seen from `folder`, with that newsearch.toml in it; `a__b=1` overrides the key `a.b`."""
    if toml is not None:
        (folder / "newsearch.toml").write_bytes(toml.encode() if isinstance(toml, str) else toml)
    flags = {key.replace("__", "."): value for key, value in overrides.items()}
    return load(cwd=folder, environ=environ or {}, overrides=flags)


def refusal(folder: Path, toml: str | bytes | None = None, **more: object) -> str:
    """The text of the error that these settings raise."""
    with pytest.raises(ConfigError) as caught:
        configure(folder, toml, **more)  # type: ignore[arg-type]
    return str(caught.value)


# --- Which place wins ---


def test_without_any_setting_the_defaults_hold(tmp_path: Path) -> None:
    configuration = configure(tmp_path)
    assert configuration.settings == Settings(archive=tmp_path / "data", index=tmp_path / "index")
    assert configuration.file is None


def test_every_key_has_an_origin(tmp_path: Path) -> None:
    assert tuple(configure(tmp_path).origins) == KEYS
    assert set(configure(tmp_path).origins.values()) == {"default"}


def test_the_defaults_are_those_of_the_ranking_formula() -> None:
    ranking = Settings().ranking
    assert (ranking.quality_weight, ranking.recency_weight, ranking.half_life) == (0.10, 0.10, 180.0)
    assert (ranking.k1, ranking.b) == (1.2, 0.75)
    weights = ranking.weights
    assert (weights.title, weights.excerpt, weights.topics, weights.body, weights.related) == (2, 1, 1, 1, 0.5)


def test_what_is_tried_comes_before_everything_and_is_read_from_text(tmp_path: Path) -> None:
    found = load(cwd=tmp_path, environ={"NEWSEARCH_RANKING_K1": "2"}, tries={"ranking.k1": "3"}, tried_by="--try")
    assert (found.settings.ranking.k1, found.origins["ranking.k1"]) == (3.0, "--try")


def test_without_a_folder_given_relative_paths_stay_as_they_were_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "newsearch.toml").write_text('archive = "news"\n')
    settings = load(environ={"NEWSEARCH_INDEX": "build/index"}).settings
    assert (settings.archive, settings.index) == (Path("news"), Path("build/index"))


def test_newsearch_toml_sets_every_key(tmp_path: Path) -> None:
    configuration = configure(
        tmp_path,
        """
        archive = "news"
        index = "/var/index"
        language = "German"
        exclude = ["drafts/**", "*.tmp.md"]
        synonyms = "synonyms.yaml"
        engine = "OpenSearch"
        url = "http://127.0.0.1:9200/news"
        [ranking]
        quality_weight = 0.2
        recency_weight = 0
        half_life = 90
        k1 = 1.5
        b = 0.5
        [ranking.weights]
        title = 3
        excerpt = 2
        topics = 0
        body = 1.5
        related = 0.25
        """,
    )
    assert set(configuration.origins.values()) == {f"newsearch.toml: {tmp_path / 'newsearch.toml'}"}
    settings = configuration.settings
    assert (settings.archive, settings.index) == (tmp_path / "news", Path("/var/index"))
    assert (settings.language, settings.exclude) == ("german", ("drafts/**", "*.tmp.md"))
    assert (settings.ranking.quality_weight, settings.ranking.half_life) == (0.2, 90.0)
    assert (settings.ranking.weights.title, settings.ranking.weights.related) == (3.0, 0.25)


@pytest.mark.parametrize("key", KEYS)
def test_each_key_has_an_environment_variable(tmp_path: Path, key: str) -> None:
    name = "NEWSEARCH_" + key.upper().replace(".", "_")
    values = {"language": "german", "engine": "embedded", "url": "http://127.0.0.1:9200/news"}
    configuration = configure(tmp_path, environ={name: values.get(key, "0.25")})
    assert configuration.origins[key] == f"environment {name}"
    # An address says of itself which engine it is for.
    named = [other for other, origin in configuration.origins.items() if origin != "default"]
    assert named == (["engine", "url"] if key == "url" else [key])


def test_an_index_is_where_its_engine_has_it(tmp_path: Path) -> None:
    address = "http://127.0.0.1:9200/news"
    assert configure(tmp_path).settings.place == tmp_path / "index"
    assert configure(tmp_path, f'url = "{address}"').settings.place == address
    assert configure(tmp_path, f'url = "{address}"\nengine = "embedded"').settings.place == tmp_path / "index"


def test_a_cluster_without_an_address_is_refused(tmp_path: Path) -> None:
    assert "url is not set" in refusal(tmp_path, 'engine = "opensearch"')
    assert "embedded or opensearch" in refusal(tmp_path, 'engine = "solr"')
    assert "the address of an index" in refusal(tmp_path, 'url = "news"')


def test_the_environment_wins_over_the_file_and_a_flag_over_both(tmp_path: Path) -> None:
    toml = 'index = "a"\narchive = "a"\nlanguage = "german"\n'
    environ = {"NEWSEARCH_INDEX": "b", "NEWSEARCH_ARCHIVE": "b"}
    configuration = configure(tmp_path, toml, environ=environ, index="c")
    settings = configuration.settings
    assert (settings.language, settings.archive, settings.index) == ("german", tmp_path / "b", tmp_path / "c")
    assert configuration.origins["archive"] == "environment NEWSEARCH_ARCHIVE"
    assert configuration.origins["index"] == "--index"


def test_a_flag_of_the_ranking_is_named_without_its_table(tmp_path: Path) -> None:
    assert configure(tmp_path, ranking__half_life=30).origins["ranking.half_life"] == "--half-life"


def test_a_flag_that_was_not_given_and_an_empty_variable_count_as_absent(tmp_path: Path) -> None:
    configuration = configure(tmp_path, 'index = "a"\n', environ={"NEWSEARCH_INDEX": ""}, index=None)
    assert configuration.settings.index == tmp_path / "a"


def test_variables_of_other_programs_are_left_alone(tmp_path: Path) -> None:
    environ = {"_NEWSEARCH_COMPLETE": "bash_complete", "INDEX": "x", "PATH": "/bin"}
    assert configure(tmp_path, environ=environ).settings == configure(tmp_path).settings


def test_excluded_globs_come_separated_by_commas_from_the_environment(tmp_path: Path) -> None:
    configuration = configure(tmp_path, 'exclude = ["a"]\n', environ={"NEWSEARCH_EXCLUDE": "drafts/**, *.tmp.md,"})
    assert configuration.settings.exclude == ("drafts/**", "*.tmp.md")


# --- Finding newsearch.toml, and paths ---


def test_newsearch_toml_is_found_in_a_folder_above(tmp_path: Path) -> None:
    (tmp_path / "newsearch.toml").write_text('index = "build/index"\n')
    below = tmp_path / "news" / "2020"
    below.mkdir(parents=True)
    configuration = configure(below)
    assert configuration.file == tmp_path / "newsearch.toml"
    assert configuration.settings.index == tmp_path / "build" / "index"
    assert configuration.settings.archive == below / "data"


def test_the_nearest_newsearch_toml_is_the_only_one_read(tmp_path: Path) -> None:
    (tmp_path / "newsearch.toml").write_text('language = "german"\nthis is no TOML')
    below = tmp_path / "below"
    below.mkdir()
    assert configure(below, 'index = "a"\n').settings.language == "english"


def test_a_folder_called_newsearch_toml_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "newsearch.toml").mkdir()
    assert configure(tmp_path).file is None


def test_a_tilde_is_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    assert configure(tmp_path, 'index = "~/index"\n').settings.index == home / "index"


def test_a_byte_order_mark_and_crlf_do_no_harm(tmp_path: Path) -> None:
    configuration = configure(tmp_path, b'\xef\xbb\xbfindex = "a"\r\nlanguage = "german"\r\n')
    assert (configuration.settings.index, configuration.settings.language) == (tmp_path / "a", "german")


# --- What is refused ---


def test_a_fault_of_the_toml_names_its_line(tmp_path: Path) -> None:
    text = refusal(tmp_path, 'index = "a"\nlanguage\n')
    assert text.startswith(f"{tmp_path / 'newsearch.toml'}:2: this is not TOML: ")


def test_a_fault_at_the_end_of_the_toml_names_the_last_line(tmp_path: Path) -> None:
    assert f"{tmp_path / 'newsearch.toml'}:2: " in refusal(tmp_path, 'index = "a"\nexclude = ["b"')


def test_bytes_that_are_not_utf_8_name_their_line(tmp_path: Path) -> None:
    assert refusal(tmp_path, b'index = "a"\nlanguage = "fran\xe7ais"\n') == (
        f"{tmp_path / 'newsearch.toml'}:2: this is not UTF-8; save the file in that encoding."
    )


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read any file")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "newsearch.toml").touch(mode=0o000)
    assert "cannot be read" in refusal(tmp_path)


def test_a_file_of_many_megabytes_is_refused_unread(tmp_path: Path) -> None:
    assert "too large; 4,000,000 bytes is the most" in refusal(tmp_path, b"#" * 4_000_001)


def test_a_number_of_thousands_of_digits_is_refused(tmp_path: Path) -> None:
    assert "newsearch.toml: this cannot be read" in refusal(tmp_path, f"ranking.k1 = {'1' * 5000}\n")


def test_a_number_too_large_for_a_float_is_refused(tmp_path: Path) -> None:
    assert "it has to be a number" in refusal(tmp_path, f"ranking.k1 = {'1' * 400}\n")


@pytest.mark.parametrize(
    ("toml", "key", "nearest"),
    [
        ('indx = "a"', "indx", "index"),
        ("half_life = 90", "half_life", "ranking.half_life"),
        ("title = 3", "title", "ranking.weights.title"),
        ("[rankng]\nk1 = 1", "rankng", "ranking"),
        ("[ranking]\nrecency_wieght = 0", "ranking.recency_wieght", "ranking.recency_weight"),
        ("[ranking.weights]\nbodi = 1", "ranking.weights.bodi", "ranking.weights.body"),
    ],
)
def test_an_unknown_key_is_answered_with_the_nearest_known_one(
    tmp_path: Path, toml: str, key: str, nearest: str
) -> None:
    file = tmp_path / "newsearch.toml"
    assert refusal(tmp_path, toml) == f"{file}: there is no setting {key}; did you mean {nearest}?"


def test_an_unknown_key_that_resembles_none_is_answered_with_all_keys(tmp_path: Path) -> None:
    assert "there is no setting zzzz; there are archive, index, language" in refusal(tmp_path, "zzzz = 1")


def test_an_unknown_variable_is_warned_about_with_the_nearest_known_one(tmp_path: Path) -> None:
    assert configure(tmp_path, environ={"NEWSEARCH_HALF_LIFE": "30"}).warnings == (
        "The environment variable NEWSEARCH_HALF_LIFE sets nothing; did you mean NEWSEARCH_RANKING_HALF_LIFE?",
    )


def test_an_unknown_variable_that_resembles_none_is_warned_about_with_all_of_them(tmp_path: Path) -> None:
    [warning] = configure(
        tmp_path, environ={"NEWSEARCH_ZZZZ": "30", "NEWSEARCH_INDEX": "a", "NEWSEARCH_X": ""}
    ).warnings
    assert "NEWSEARCH_ZZZZ sets nothing; there are NEWSEARCH_ARCHIVE, " in warning


def test_a_language_that_is_not_known_is_refused_where_it_was_set_with_the_nearest(tmp_path: Path) -> None:
    assert refusal(tmp_path, environ={"NEWSEARCH_LANGUAGE": "germen"}).endswith("swedish; the nearest is german.")
    said = refusal(tmp_path, 'language = "romanian"')
    assert said.startswith(f"{tmp_path / 'newsearch.toml'}: language is 'romanian'; it has to be one of danish, ")


def test_the_languages_are_those_that_the_engine_can_analyse() -> None:
    assert tuple(analysis.LANGUAGES) == LANGUAGES


def test_an_unknown_flag_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, idx="a") == "--idx: there is no setting idx; did you mean index?"


@pytest.mark.parametrize(
    ("toml", "fault"),
    [
        ("index = 3", "index is 3; it has to be the path of a folder."),
        ('index = ""', "index is ''; it has to be the path of a folder."),
        ("language = true", 'language is True; it has to be the name of a language, such as "english".'),
        ('language = " "', "language is ' '; it has to be the name of a language, such as \"english\"."),
        ('exclude = "a"', "exclude is 'a'; it has to be a list of globs, such as [\"drafts/**\"]."),
        ("exclude = [1]", 'exclude is [1]; it has to be a list of globs, such as ["drafts/**"].'),
        ("ranking = 3", "ranking is 3; it has to be a table of settings."),
        ("ranking.weights = 3", "ranking.weights is 3; it has to be a table of settings."),
        ("ranking.k1 = true", "ranking.k1 is True; it has to be a number."),
        ('ranking.b = "0.5"', "ranking.b is '0.5'; it has to be a number."),
    ],
)
def test_a_value_of_the_wrong_type_is_refused_with_its_key_and_file(tmp_path: Path, toml: str, fault: str) -> None:
    assert refusal(tmp_path, toml) == f"{tmp_path / 'newsearch.toml'}: {fault}"


def test_text_in_a_variable_for_a_number_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, environ={"NEWSEARCH_RANKING_B": "half"}) == (
        "NEWSEARCH_RANKING_B: ranking.b is 'half'; it has to be a number."
    )


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("ranking.quality_weight", -0.01),
        ("ranking.recency_weight", -0.01),
        ("ranking.recency_weight", 1.01),
        ("ranking.half_life", 0),
        ("ranking.half_life", -1),
        ("ranking.half_life", float("nan")),
        ("ranking.half_life", float("inf")),
        ("ranking.k1", 0),
        ("ranking.b", -0.1),
        ("ranking.b", 1.1),
        ("ranking.weights.title", -1),
    ],
)
def test_a_value_out_of_range_is_refused_with_its_key_and_file(tmp_path: Path, key: str, value: float) -> None:
    text = refusal(tmp_path, f"{key} = {value}\n")
    assert text.startswith(f"{tmp_path / 'newsearch.toml'}: {key} is {value:g}; ")


def test_a_value_out_of_range_names_only_the_place_that_set_it(tmp_path: Path) -> None:
    text = refusal(tmp_path, "ranking.b = 0.5\n", environ={"NEWSEARCH_RANKING_K1": "-1"})
    assert text.startswith("NEWSEARCH_RANKING_K1: ranking.k1 is -1; ")


def test_two_weights_that_add_up_to_more_than_1_name_both_places(tmp_path: Path) -> None:
    text = refusal(tmp_path, "ranking.quality_weight = 0.6\n", environ={"NEWSEARCH_RANKING_RECENCY_WEIGHT": "0.6"})
    assert text.startswith(f"{tmp_path / 'newsearch.toml'}, NEWSEARCH_RANKING_RECENCY_WEIGHT: ")
    assert "1.2" in text


def test_two_weights_that_add_up_to_1_are_taken(tmp_path: Path) -> None:
    ranking = configure(tmp_path, ranking__quality_weight=0.4, ranking__recency_weight=0.6).settings.ranking
    assert (ranking.quality_weight, ranking.recency_weight) == (0.4, 0.6)


def test_weights_that_are_all_0_are_refused_with_the_places_that_set_them(tmp_path: Path) -> None:
    toml = "[ranking.weights]\ntitle = 0\nexcerpt = 0\ntopics = 0\nbody = 0\n"
    text = refusal(tmp_path, toml, ranking__weights__related=0)
    assert text.startswith(f"{tmp_path / 'newsearch.toml'}, --weights-related: ")


def test_a_bad_value_that_a_flag_replaces_does_no_harm(tmp_path: Path) -> None:
    assert configure(tmp_path, "ranking.b = 7\n", ranking__b=0.5).settings.ranking.b == 0.5


@given(text=st.text(max_size=40) | st.sampled_from(KEYS).map(lambda key: f"{key} = ") | st.binary(max_size=40))
def test_whatever_newsearch_toml_holds_is_read_or_refused_and_never_crashes(
    tmp_path_factory: pytest.TempPathFactory, text: str | bytes
) -> None:
    folder = tmp_path_factory.mktemp("any")
    toml = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    with contextlib.suppress(ConfigError):
        configure(folder, toml)


def test_the_file_of_synonyms_is_found_beside_newsearch_toml(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "newsearch.toml").write_text('synonyms = "words/synonyms.yaml"\n', encoding="utf-8")
    configuration = load(cwd=tmp_path / "below", environ={})
    assert configuration.settings.synonyms == tmp_path / "words" / "synonyms.yaml"
    assert load(cwd=tmp_path / "below", environ={"NEWSEARCH_SYNONYMS": "s.yaml"}).settings.synonyms == (
        tmp_path / "below" / "s.yaml"
    )


def test_a_file_of_synonyms_that_is_no_path_is_refused(tmp_path: Path) -> None:
    assert "synonyms is ['us', 'usa']; it has to be the path of a file" in refusal(tmp_path, 'synonyms = ["us", "usa"]')
