from __future__ import annotations

import pytest
from format_runs import TWO, block, report, result, written

from losscli.formats.format import View
from losscli.formats.markdown import escaped


def test_a_comment_has_the_results_and_the_samples_in_a_fold() -> None:
    assert written("markdown", view=View(rows=1)) == (
        "| loss | reduction | value |   n |  std | min | max |\n"
        "| ---- | --------- | ----: | --: | ---: | --: | --: |\n"
        "| mse  | mean      |  0.25 |   2 | 0.25 | 0.0 | 0.5 |\n"
        "\n"
        "<details>\n"
        "<summary>samples</summary>\n"
        "\n"
        "| row | y_true | y_pred | mse |\n"
        "| --: | -----: | -----: | --: |\n"
        "|   1 |    1.0 |    1.0 | 0.0 |\n"
        "\n"
        "… 1 more\n"
        "\n"
        "</details>\n"
    )


def test_a_summary_has_no_fold() -> None:
    assert "<details>" not in written("markdown", view=View(summary=True))


def test_the_worst_are_announced() -> None:
    text = written("markdown", [block({"a:b=1,c=2": [0.5]})], report(result("a:b=1,c=2"), n=9), View(worst=1))
    assert "<summary>the 1 largest of 9 losses, by a:b=1,c=2</summary>" in text
    assert "more" not in text


def test_precision_rounds_the_numbers() -> None:
    text = written("markdown", of=report(result(value=1 / 3)), view=View(precision=2))
    assert "|  0.33 |" in text
    assert "|   2 |   2.00 |   2.50 | 0.50 |" in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("y_true huber:delta=2 0.5 -1", "y_true huber:delta=2 0.5 -1"),
        ("a|b", "a&#124;b"),
        ("a\\|b", "a\\\\&#124;b"),
        ("`code`", "\\`code\\`"),
        ("<img src=x> &lt;", "&lt;img src=x&gt; &amp;lt;"),
        ("*b* _i_ ~s~ [x](y)", "\\*b\\* \\_i\\_ \\~s\\~ \\[x\\](y)"),
        ("@octocat me@x #12 GH-7 :smile:", "@<!-- -->octocat me@<!-- -->x #<!-- -->12 GH-<!-- -->7 :<!-- -->smile:"),
        ("$x$", "<span>$</span>x<span>$</span>"),
    ],
)
def test_text_is_never_markup(text: str, expected: str) -> None:
    assert expected == escaped(text)


def test_a_line_break_in_the_data_does_not_break_the_table() -> None:
    text = written("markdown", [block({"mse": [0.5]}, k=["a\nb|c"])])
    assert "|   1 | a\\\\nb&#124;c | 0.5 |\n" in text


def test_every_line_of_a_table_has_the_same_cells() -> None:
    rows = [line for line in written("markdown", [TWO]).splitlines() if line.startswith("|") and "loss" not in line]
    assert {line.count("|") for line in rows[-3:]} == {5}
