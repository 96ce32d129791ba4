"""The README's tables of what happens when something is wrong, made from what the tests beside this file hold."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bad_tables import SHORT_PARQUET, TABLES, Bad, polars_says

EMPHASIS = re.compile("[*_]")
LONGEST = 90
"""Letters of a message that a cell of the README shows."""


class Fault(NamedTuple):
    """What goes wrong beside the data, what losscli does, its exit code, and the test that holds it."""

    when: str
    does: str
    code: str
    test: str


FAULTS = [
    Fault("a file is missing", "names one that is near", "3", "test_a_missing_file_is_told_with_a_name_that_is_near"),
    Fault("a file may not be read", "says so", "3", "test_an_unreadable_file_is_told_with_its_permissions"),
    Fault("a folder holds no tables", "names the formats", "3",
          "test_a_directory_without_tables_is_told_with_the_formats"),
    Fault("a file is a named pipe", "reads it, once", "0", "test_a_named_pipe_is_read_once_and_right"),
    Fault("a file never ends (`/dev/zero`)", "refuses it", "3",
          "test_an_endless_device_is_refused_and_not_read_to_its_end"),
    Fault("a line has 100 MB", "refuses it, in bounded memory", "3",
          "test_a_hundred_megabytes_in_one_line_are_refused_in_bounded_memory"),
    Fault("a table shrinks while it is read", "says so, and gives no result", "3",
          "test_a_table_that_shrinks_while_it_is_read_is_told"),
    Fault("an array shrinks while it is read", "says so, and gives no result", "3",
          "test_an_array_that_shrinks_while_it_is_read_is_told"),
    Fault("a compressed file swells more than 1000-fold", "stops reading, and names what raises the limit", "3",
          "test_what_swells_is_refused_as_it_streams_and_never_inflated_first"),
    Fault("the disk cannot be read (EIO)", "names the file, and gives no result", "3",
          "test_a_disk_that_cannot_be_read_is_said_and_gives_no_result"),
    Fault("an output path cannot be written", "refuses it before anything is read", "2",
          "test_a_path_that_cannot_be_written_is_refused_before_anything_is_read"),
    Fault("the disk fills while a file is written", "leaves no part of it, and an old one as it was", "3",
          "test_a_disk_that_fills_leaves_no_part_of_a_file_and_an_old_one_untouched"),
    Fault("no temporary file can be written", "says so", "3",
          "test_where_no_temporary_file_can_be_written_that_is_said"),
    Fault("a report of `check` cannot be written", "keeps the verdict", "1 if a gate failed, else 3",
          "test_a_verdict_stays_if_a_file_cannot_be_written_and_says_so"),
    Fault("stdout is closed, or `/dev/full`", "keeps the verdict of `check`", "1 if a gate failed, else 3",
          "test_a_failed_gate_is_1_and_a_passed_one_0_only_if_it_was_reported"),
    Fault("stderr is closed, or `/dev/full`", "loses its messages and nothing else", "as usual",
          "test_an_error_that_cannot_be_told_has_its_exit_code_all_the_same"),
    Fault("the reader of a pipe leaves", "stops without a word", "141, or 1 if a gate failed",
          "test_a_reader_who_left_changes_no_verdict"),
    Fault("Ctrl-C, SIGTERM or SIGHUP, at any moment", "leaves old files, or new ones that are whole", "130, 143, 129",
          "test_a_run_that_is_stopped_at_any_moment_leaves_what_was_there_or_the_whole_result"),
    Fault("`kill -9`", "leaves no part of a file and no process", "137",
          "test_a_process_that_is_killed_leaves_no_part_of_a_file_and_no_process"),
    Fault("memory is short (`ulimit -v`)", "gives the whole result, or says so", "0 or 3",
          "test_a_limit_of_memory_gives_the_whole_result_or_none_and_says_so"),
    Fault("home, cache and folder are read-only", "works", "0", "test_no_command_needs_a_folder_that_it_may_write"),
    Fault("the environment is empty", "works", "0", "test_an_empty_environment_is_enough"),
    Fault("streams have only ASCII", "shows other letters as codes; files are UTF-8", "0",
          "test_a_stream_that_has_only_ascii_is_no_error"),
    Fault("the terminal has no size", "works", "0", "test_no_width_of_a_terminal_is_an_error"),
    Fault("the clock goes backwards", "prints the same", "0", "test_no_output_depends_on_the_clock"),
]  # fmt: skip


def tables() -> str:
    """Return both tables in Markdown: bad data, and faults of the system."""
    data = [
        (EMPHASIS.sub(r"\\\g<0>", bad.what), _answer(bad), "0" if isinstance(bad.told, float) else "3")
        for bad in TABLES
    ]
    faults = [(one.when, one.does, one.code, f"`{one.test}`") for one in FAULTS]
    return "\n".join(
        [
            *_table(("what happens when …", "what losscli does", "exit code", "test"), faults),
            "",
            "<details><summary>Bad tables, one by one</summary>",
            "",
            *_table(("the file holds …", "what losscli does", "exit code"), data),
            "",
            "</details>",
            "",
        ]
    )


def _answer(bad: Bad) -> str:
    """Return the error, without the words of another library, or that there is none."""
    if isinstance(bad.told, float):
        return f"reads it: {bad.loss} is {bad.told:.6g}"
    told = bad.told.replace(polars_says(SHORT_PARQUET), "…")
    return f"`{told if len(told) <= LONGEST else f'{told[:LONGEST]}…'}`"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *([cell.replace("|", r"\|") for cell in row] for row in rows)]
    return [f"| {' | '.join(cells)} |" for cells in lines]


if __name__ == "__main__":
    sys.stdout.write(tables())
