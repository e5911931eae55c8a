"""Files and folders handed to an import."""

from pathlib import Path

import pytest

from policy.sources.inputs import InputFile, read_inputs
from policy.sources.safe_xml import Refused


def test_a_file_is_read_whatever_its_name_ends_in(tmp_path: Path) -> None:
    file = tmp_path / "list.download"
    file.write_bytes(b"{}")
    assert read_inputs(file, suffixes={".json"}) == [InputFile("list.download", b"{}")]


def test_a_folder_gives_its_files_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b.JSON", "a.json", "notes.txt"):
        (tmp_path / name).write_bytes(name.encode())
    (tmp_path / "deeper.json").mkdir()
    assert [f.name for f in read_inputs(tmp_path, suffixes={".json"})] == ["a.json", "b.JSON"]


def test_a_folder_without_such_a_file_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"holds no file that ends in \.csv or \.json\.$"):
        read_inputs(tmp_path, suffixes={".json", ".csv"})


def test_a_file_that_is_not_there_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"missing\.json cannot be read"):
        read_inputs(tmp_path / "missing.json", suffixes={".json"})


def test_a_file_beyond_the_limit_is_refused_in_a_folder_too(tmp_path: Path) -> None:
    (tmp_path / "big.json").write_bytes(b"x" * 2048)
    with pytest.raises(Refused, match="are not read"):
        read_inputs(tmp_path, suffixes={".json"}, max_bytes=1024)
