"""Numbers ascending, each once, are what Python's sets and counters give; and a search imports no masked arrays."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from newsearch.engine.whoosh.distinct import counted, distinct, numbered
from tests.archive import build

_numbers = st.lists(st.integers(-5, 40), max_size=60)


@given(_numbers)
def test_each_number_is_there_once_in_order(numbers: list[int]) -> None:
    given_numbers = np.array(numbers, np.int64)
    assert distinct(given_numbers).tolist() == sorted(set(numbers))
    assert given_numbers.tolist() == numbers


@given(_numbers)
def test_each_is_counted(numbers: list[int]) -> None:
    found, counts = counted(np.array(numbers, np.int32))
    assert dict(zip(found.tolist(), counts.tolist(), strict=True)) == Counter(numbers)
    assert found.tolist() == sorted(set(numbers))


@given(_numbers)
def test_each_number_given_has_the_place_of_its_own(numbers: list[int]) -> None:
    found, places = numbered(np.array(numbers, np.int64))
    assert found.tolist() == sorted(set(numbers))
    assert found[places].tolist() == numbers


def test_a_search_for_words_of_a_form_imports_no_masked_arrays(tmp_path: Path) -> None:
    build(tmp_path, [{"path": f"{number}.md", "title": f"kelp kelps norb{number}"} for number in range(40)]).close()
    asked = 'ix.search("kel* norb1~1 id:0 \\"kelp kelps\\"", match="any", facets=("provider",))'
    code = f"import sys, newsearch; ix = newsearch.open({str(tmp_path)!r}); {asked}; print('numpy.ma' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
