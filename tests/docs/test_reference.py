"""The reference page is what the commands say."""

from tests.docs import reference


def test_the_reference_is_made_from_the_commands_as_they_are() -> None:
    current = reference.PAGE.read_text(encoding="utf-8") == reference.text()
    assert current, "docs/reference.md is outdated; write it anew with: python -m tests.docs.reference"


def test_every_command_of_the_reference_shows_an_example() -> None:
    page = reference.text()
    sections = page.split("\n## newsearch ")[1:]
    lacking = [section.split("\n")[0] for section in sections if "Examples:" not in section]
    assert [name for name in lacking if name] == []
