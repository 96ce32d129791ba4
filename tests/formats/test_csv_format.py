from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from format_runs import block, report, result, written
from hypothesis import given
from hypothesis import strategies as st

from losscli.formats.format import View

SUMMARY = View(summary=True)


def test_samples_are_a_header_and_a_line_each() -> None:
    assert written("csv") == "row,y_true,y_pred,mse\n1,1.0,1.0,0.0\n2,2.0,2.5,0.5\n"


def test_tsv_has_tabs() -> None:
    assert written("tsv") == "row\ty_true\ty_pred\tmse\n1\t1.0\t1.0\t0.0\n2\t2.0\t2.5\t0.5\n"


def test_a_summary_has_the_groups_first_and_nothing_where_there_is_nothing() -> None:
    rows = report(
        result(by={"region": "no,rth"}, like="torch"),
        result(value=None, reduction="none", mean=0.25, dropped=1, weight=1.5),
        by=["region"],
    )
    assert written("csv", of=rows, view=SUMMARY) == (
        "region,loss,like,reduction,value,n,dropped,weight,mean,sum,std,min,max\n"
        '"no,rth",mse,torch,mean,0.25,2,0,2.0,0.25,0.5,0.25,0.0,0.5\n'
        ",mse,,none,,2,1,1.5,0.25,0.5,0.25,0.0,0.5\n"
    )


def test_numbers_that_are_not_finite_are_spelt_out() -> None:
    text = written("csv", [block({"mse": [np.nan, np.inf, -np.inf]})])
    assert text == "row,mse\n1,nan\n2,inf\n3,-inf\n"


def test_a_run_without_samples_is_a_header() -> None:
    assert written("csv", [block({"mse": []})]) == "row,mse\n"


def test_a_loss_with_commas_in_its_spec_is_one_column() -> None:
    spec = "focal:gamma=2,alpha=0.25"
    text = written("csv", [block({spec: [0.5]})], report(result(spec)))
    assert text == 'row,"focal:gamma=2,alpha=0.25"\n1,0.5\n'


CELLS = st.text(st.one_of(st.sampled_from(',"\t\r\n '), st.characters(codec="utf-8", exclude_characters="\x00")))


def test_only_the_cells_that_need_quotes_have_them() -> None:
    cells = ["plain", " a b ", "a,b", 'say "hi"', "two\nlines", "old\rmac", "tab\t", ""]
    assert written("csv", [block({"mse": [0.0] * len(cells)}, k=cells)]) == (
        'row,k,mse\n1,plain,0.0\n2, a b ,0.0\n3,"a,b",0.0\n4,"say ""hi""",0.0\n'
        '5,"two\nlines",0.0\n6,"old\rmac",0.0\n7,tab\t,0.0\n8,,0.0\n'
    )


@pytest.mark.parametrize(("name", "delimiter"), [("csv", ","), ("tsv", "\t")])
@given(
    cells=st.lists(st.tuples(CELLS, st.floats(allow_nan=False)), min_size=1),
    header=CELLS.filter(lambda name: name not in ("row", "mse")),
)
def test_the_csv_module_reads_back_what_was_written(
    name: str, delimiter: str, cells: list[tuple[str, float]], header: str
) -> None:
    labels, losses = [text for text, _ in cells], [loss for _, loss in cells]
    text = written(name, [block({"mse": losses}, **{header: labels})])
    head, *body = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    assert ["row", header, "mse"] == head
    assert [[str(i + 1), label, repr(loss)] for i, (label, loss) in enumerate(cells)] == body
