"""What qualities drawn at random cost, measured on a small judged set."""

from pathlib import Path

import pytest

pytest.importorskip("ir_measures", reason="needs the extra: pip install 'newsearch[eval]'")

from benchmarks.quality import HIGHEST, Drawn, differences, main
from tests.evaluation.judgedsets import EXAMPLE, judged_set


def test_each_document_has_a_quality_that_its_seed_gives_it() -> None:
    drawn = [item.quality for item in Drawn(EXAMPLE, 1).documents()]
    assert drawn == [item.quality for item in Drawn(EXAMPLE, 1).documents()]
    assert drawn != [item.quality for item in Drawn(EXAMPLE, 2).documents()]
    assert all(quality is not None and 0 <= quality <= HIGHEST for quality in drawn)


def test_a_weight_of_nothing_changes_nothing_and_a_large_one_orders_by_chance(tmp_path: Path) -> None:
    documents = [{"_id": "good", "text": "harbour ferry"}, *({"_id": f"d{n}", "text": "harbour"} for n in range(9))]
    folder = judged_set(tmp_path / "set", documents=documents, queries={"q": "harbour ferry"}, qrels={"q": {"good": 1}})
    found = [differences(folder, [0.0, 0.9], seed) for seed in range(4)]
    assert [off for off, _ in found] == [1.0] * 4
    assert [nothing for _, (nothing, _) in found] == pytest.approx([0.0] * 4, abs=1e-9)
    assert min(ordered for _, (_, ordered) in found) < 0


def test_the_table_has_a_row_a_set_and_a_column_a_weight(capsys: pytest.CaptureFixture[str]) -> None:
    main([str(EXAMPLE), "--weights", "0,0.5", "--draws", "2"])
    head, rule, row = capsys.readouterr().out.splitlines()
    assert head == "| set | off | quality 0 | quality 0.5 |"
    assert rule == "| --- | --- | --- | --- |"
    name, off, *columns = (cell.strip() for cell in row.strip("|").split("|"))
    assert (name, len(columns)) == ("judged", 2)
    assert 0 < float(off) <= 1
    assert all(" ± " in column for column in columns)


def test_one_draw_is_refused_for_it_has_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([str(EXAMPLE), "--draws", "1"])
    assert "an error cannot be told from one draw" in capsys.readouterr().err
