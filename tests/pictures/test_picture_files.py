"""PNG and SVG files: the same bytes for the same numbers, signed, whole or not there."""

from __future__ import annotations

import io
import zlib
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from console import losscli, refused, write
from picture_data import HOSTILE_OPTIONS, epochs, hostile

from losscli.errors import DataError
from losscli.formats import plotted
from losscli.formats.format import View
from losscli.pictures import Bars

pytest.importorskip("matplotlib", reason="the plot extra draws them")

ROWS = "g,y_true,y_pred\na,1,2\na,2,2\nb,3,1\nb,4,4.5\n"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def _files(tmp_path: Path) -> None:
    write(tmp_path, a_csv=ROWS)
    epochs(tmp_path)


def texts(png: bytes) -> dict[str, str]:
    """The texts in a PNG, each chunk checked by its sum: https://www.w3.org/TR/png-3/#5DataRep."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    found, place = {}, 8
    while place < len(png):
        size = int.from_bytes(png[place : place + 4])
        kind, data = png[place + 4 : place + 8], png[place + 8 : place + 8 + size]
        assert zlib.crc32(kind + data) == int.from_bytes(png[place + 8 + size : place + 12 + size])
        if kind in (b"tEXt", b"iTXt"):
            key, _, value = data.partition(b"\0")
            found[key.decode()] = value.strip(b"\0").decode()
        place += 12 + size
    return found


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_the_same_numbers_give_the_same_bytes(kind: str, tmp_path: Path) -> None:
    for name in ("one", "two"):
        done = losscli("mse", "a.csv", "--by", "g", "-o", f"{name}.{kind}", "-q", cwd=tmp_path)
        assert (done.code, done.err) == (0, "")
    assert (tmp_path / f"one.{kind}").read_bytes() == (tmp_path / f"two.{kind}").read_bytes()


def test_the_signature_stands_in_the_metadata_of_both(tmp_path: Path) -> None:
    done = losscli("mse", "a.csv", "-o", "a.png", "-o", "a.svg", "-o", "json:a.json", "-f", "json", cwd=tmp_path)
    signature = done.document["results"][0]["signature"]
    assert texts((tmp_path / "a.png").read_bytes())["Description"] == signature
    assert signature in (tmp_path / "a.svg").read_text(encoding="utf-8")


def test_nothing_in_them_tells_the_time(tmp_path: Path) -> None:
    losscli("mse", "a.csv", "-o", "a.png", "-o", "a.svg", cwd=tmp_path)
    assert set(texts((tmp_path / "a.png").read_bytes())) == {"Title", "Description", "Software"}
    assert "dc:date" not in (tmp_path / "a.svg").read_text(encoding="utf-8")


def test_a_picture_goes_together_with_a_table(tmp_path: Path) -> None:
    done = losscli("mse", "a.csv", "-o", "table", "-o", "png:a.png", "-q", cwd=tmp_path)
    assert "1.3125" in done.out
    assert "losses of 4 samples" not in done.out
    assert texts((tmp_path / "a.png").read_bytes())["Title"] == "mse: the losses of 4 samples"


def test_groups_with_numbers_for_names_are_a_curve(tmp_path: Path) -> None:
    done = losscli("mae", "epochs.csv", "--by", "epoch", "-f", "svg", "-q", cwd=tmp_path)
    assert [one.tag for one in ET.fromstring(done.out).iter(f"{SVG}svg")] == [f"{SVG}svg"]  # noqa: S314  our own
    assert "mae by epoch" in done.out or "line2d_" in done.out


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_names_in_the_data_are_only_names(kind: str, tmp_path: Path) -> None:
    hostile(tmp_path)
    done = losscli("mse", *HOSTILE_OPTIONS, "-o", f"a.{kind}", "-q", cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    if kind == "svg":
        root = ET.fromstring((tmp_path / "a.svg").read_text(encoding="utf-8"))  # noqa: S314  as above
        assert {one.tag for one in root.iter()} & {f"{SVG}script", f"{SVG}image", f"{SVG}foreignObject"} == set()


def test_a_run_that_fails_leaves_no_file(tmp_path: Path) -> None:
    write(tmp_path, bad_csv="y_true,y_pred\n1,2\n1,x\n")
    refused(losscli("mse", "bad.csv", "-o", "a.png", "-o", "a.svg", cwd=tmp_path), 3, "bad.csv")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.csv", "bad.csv", "epochs.csv"]


def test_without_anything_to_draw_there_is_an_error_and_no_file(tmp_path: Path) -> None:
    refused(losscli("eval", "a.csv", "-l", "r2", "-o", "a.png", cwd=tmp_path), 2, "nothing to draw")
    assert not (tmp_path / "a.png").exists()


def test_a_check_draws_its_groups(tmp_path: Path) -> None:
    losscli("check", "a.csv", "--max", "mse=9", "--by", "g", "-o", "a.png", cwd=tmp_path)
    assert texts((tmp_path / "a.png").read_bytes())["Title"] == "mse by g"


def test_show_draws_into_a_file(tmp_path: Path) -> None:
    done = losscli("show", "huber", "-o", "svg:huber.svg", cwd=tmp_path)
    assert (done.code, done.out) == (0, "")
    assert ET.parse(tmp_path / "huber.svg").getroot().tag == f"{SVG}svg"  # noqa: S314  as above


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_without_matplotlib_the_error_names_the_command_that_installs_it(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plotted, "find_spec", lambda _: None)
    with pytest.raises(DataError) as caught:
        plotted.Svg(io.StringIO(), View()) if kind == "svg" else plotted.Png(io.StringIO(), View())
    assert (caught.value.exit_code, caught.value.hint) == (3, "pip install 'losscli[plot]'")


def test_a_dollar_and_a_name_without_letters_are_drawn() -> None:
    bars = Bars("$\\frac", "g", "mean", ["$x^{2", "日本", ""], [1.0, -2.0, 0.0], ["1", "-2", "0"], notes=["$"])
    assert plotted.plotted([bars], ["mse|like:$none"], "svg").startswith(b"<?xml")
