"""The page in a real browser: laid out, readable, in light and dark, printable, and untouched by its data."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html import escape
from pathlib import Path
from typing import Any

import pytest
from console import losscli
from picture_data import HOSTILE_OPTIONS, hostile

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
pytestmark = pytest.mark.skipif(BROWSER is None, reason="there is no browser here")

HEADLESS = ("--headless=new", "--no-sandbox", "--disable-gpu")
MEASURED = """
window.broken = 0;
function measured(frame) {
  const page = frame.contentDocument, view = frame.contentWindow;
  const style = (one) => view.getComputedStyle(one);
  return {
    overflow: page.documentElement.scrollWidth - page.documentElement.clientWidth,
    tables: [...page.querySelectorAll("table")].map((one) => one.getBoundingClientRect().height),
    letters: [...page.querySelectorAll("p, td, th, li")].map((one) => parseFloat(style(one).fontSize)),
    drawn: [...page.querySelectorAll("svg text")].map(
      (one) => parseFloat(style(one).fontSize) * one.ownerSVGElement.getBoundingClientRect().width / 500),
    outside: [...page.querySelectorAll("svg")].filter((one) => {
      const box = one.getBBox(); return box.x < -2 || box.x + box.width > 502; }).length,
    bars: [...page.querySelectorAll("svg rect")].filter((one) => one.getBoundingClientRect().width > 0).length,
    paper: style(page.body).backgroundColor, ink: style(page.body).color,
    acting: page.querySelectorAll("script, img, iframe, a, [onclick], [onerror], [onmouseover]").length,
    broken: window.broken,
  };
}
window.onload = () => { document.getElementById("found").textContent =
  JSON.stringify([...document.querySelectorAll("iframe")].map(measured)); };
"""
"""What is measured of a page in a frame of some width; the page itself may run nothing."""


def chromium(*arguments: str, folder: Path) -> str:
    """Run the browser without a window; return what it prints."""
    assert BROWSER is not None
    done = subprocess.run(
        [BROWSER, *HEADLESS, f"--user-data-dir={folder / 'profile'}", *arguments],
        capture_output=True, encoding="utf-8", timeout=90, check=True,
    )  # fmt: skip
    return done.stdout


@pytest.fixture(name="page", scope="module")
def _page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    hostile(folder)
    pictures = ("--hist", "--plot", "groups")
    assert losscli("mse", *HOSTILE_OPTIONS, *pictures, "-o", "page.html", "-q", cwd=folder).code == 0
    return folder / "page.html"


def measured(page: Path, *options: str) -> list[dict[str, Any]]:
    """Lay a page out 400 and 1200 pixels wide; return what the browser says of each."""
    source = escape(page.read_text(encoding="utf-8"))
    frames = "".join(f'<iframe width="{width}" height="900" srcdoc="{source}"></iframe>' for width in (400, 1200))
    outer = page.with_name("outer.html")
    outer.write_text(
        f'<!DOCTYPE html><meta charset="utf-8"><pre id="found"></pre>{frames}<script>{MEASURED}</script>',
        encoding="utf-8",
    )
    dom = chromium("--dump-dom", *options, outer.as_uri(), folder=page.parent)
    found = re.search(r'<pre id="found">(.*?)</pre>', dom, re.DOTALL)
    assert found, dom[:2000]
    measures: list[dict[str, Any]] = json.loads(found[1])
    return measures


def test_the_page_is_readable_at_any_width_and_its_data_is_only_text(page: Path) -> None:
    for found in measured(page):
        assert found["overflow"] == 0
        assert len(found["tables"]) == 4
        assert min(found["tables"]) > 30
        assert min(found["letters"]) >= 12
        assert min(found["drawn"]) >= 8
        assert found["outside"] == 0
        assert found["bars"] > 12
        assert (found["acting"], found["broken"]) == (0, 0)


@pytest.mark.parametrize(("scheme", "dark"), [(1, False), (0, True)], ids=["light", "dark"])
def test_the_page_follows_the_light_or_dark_that_the_reader_prefers(scheme: int, dark: bool, page: Path) -> None:  # noqa: FBT001  a parameter of the test
    found = measured(page, f"--blink-settings=preferredColorScheme={scheme}")[0]
    paper, ink = (sum(map(int, re.findall(r"\d+", found[name])[:3])) / 3 for name in ("paper", "ink"))
    low, high = (paper, ink) if dark else (ink, paper)
    assert low < 60
    assert high > 180


def test_the_page_prints(page: Path) -> None:
    target = page.with_name("page.pdf")
    chromium(f"--print-to-pdf={target}", "--no-pdf-header-footer", page.as_uri(), folder=page.parent)
    printed = target.read_bytes()
    assert printed.startswith(b"%PDF-")
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 8
