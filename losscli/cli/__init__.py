"""The command line: from argv to an exit code."""

from __future__ import annotations

import gc
import io
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from types import FrameType

FAILED, BUG, INTERRUPTED, PIPE_GONE = 3, 70, 130, 141
INCOMPLETE = "hint: the result is not complete\n"
ROOM = 100 << 20
"""Less memory than this, and numpy cannot be imported: its BLAS then ends the process with code 1, a failed gate's."""

SIGNALLED = 128
"""What a shell adds to the number of the signal that ended a command."""

MOMENT = 0.02
"""Seconds after which a request to stop that was dropped is made again: longer than to leave where it was dropped."""


class Terminated(BaseException):
    """A request to stop other than Ctrl-C. Not SystemExit: that is what users' own code may raise, and is told as."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def main() -> NoReturn:
    """Run losscli and leave with its exit code.

    Three things make starting and leaving cheap: no garbage collection while modules are imported, one BLAS thread
    (losses need none), and no dismantling of the interpreter at the end.
    """
    code = INTERRUPTED
    try:
        with suppress(KeyboardInterrupt):  # before the work nothing is done yet; after it, an interrupt comes too late
            gc.disable()
            os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
            _mend_streams()
            _heed_signals()
            code = _guarded(sys.argv[1:])
            _let_signals_kill()
    except Terminated as request:
        code = SIGNALLED + request.number
    os._exit(_flushed(code))


def _mend_streams() -> None:
    """Give a closed stream a stand-in, an unbuffered stdout its buffer, and stderr the patience to lose a message.

    Writing to a closed stdout then fails as an error that can be told, not as a bug. Without a buffer
    (``PYTHONUNBUFFERED``) Python takes a write that the system cut short for a whole one: data would be lost silently.
    A letter that stdout's encoding lacks is shown as its code.
    """
    if None in (sys.stdin, sys.stdout, sys.stderr):
        _occupy()
    if sys.stdout is None:
        sys.stdout = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115  start-up; open while losscli runs
    if isinstance(getattr(sys.stdout, "buffer", None), io.RawIOBase):
        sys.stdout = open(sys.stdout.fileno(), "w", encoding=sys.stdout.encoding, closefd=False)  # noqa: SIM115  as above
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115  as above
    elif isinstance(sys.stderr, io.TextIOWrapper):
        raw = _Forgiving(sys.stderr.fileno(), "w", closefd=False)
        sys.stderr = io.TextIOWrapper(
            io.BufferedWriter(raw), sys.stderr.encoding, "backslashreplace", line_buffering=True
        )


def _occupy() -> None:
    """Take the numbers of closed streams, so that no file gets one: what C code says would be written into it."""
    while (end := os.open(os.devnull, os.O_RDWR)) <= 2:  # noqa: PLR2004  stderr
        pass
    os.close(end)


class _Forgiving(io.FileIO):
    """A file that says it has written what it could not write.

    Messages may be lost where nobody can read them (a full disk, a reader who left); the exit code may not.
    """

    def write(self, data: Any, /) -> int:  # noqa: ANN401  bytes of any kind
        """Write what can be written."""
        try:
            written = super().write(data)
        except OSError:
            written = None
        return len(data) if written is None else written


def _heed_signals() -> None:
    """Have a request to stop end the work by way of every ``with``, so that no temporary file is left."""
    import signal  # noqa: PLC0415  where an interrupt is caught

    for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        if signal.getsignal(number) is signal.SIG_DFL:  # nohup ignores one of them: it stays so
            signal.signal(number, _terminated)
    if hasattr(signal, "setitimer"):  # not on Windows
        sys.unraisablehook = _again


def _terminated(number: int, _: FrameType | None) -> NoReturn:
    raise Terminated(number)


def _again(dropped: sys.UnraisableHookArgs) -> None:
    """Make a request to stop again that fell into a finalizer, of an object or of an import's lock.

    Whatever is raised there Python shows as a traceback and drops. Raised here, it would be dropped as well.
    """
    import signal  # noqa: PLC0415  as above

    stop = dropped.exc_value
    if not isinstance(stop, KeyboardInterrupt | Terminated):
        sys.__unraisablehook__(dropped)
        return
    number = stop.number if isinstance(stop, Terminated) else signal.SIGINT
    signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(number))
    signal.setitimer(signal.ITIMER_REAL, MOMENT)


def _guarded(arguments: list[str]) -> int:
    """Run the command; turn whatever ends it into an exit code. Only a bug shows a traceback."""
    try:
        bytes(ROOM)  # addresses only, given back at once
        _begin_early(arguments)
        from losscli.cli.app import run  # noqa: PLC0415  an interrupt while modules are imported is caught here, too

        return run(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return PIPE_GONE
    except SystemExit as ended:  # how typer leaves after completing a word, and when a pipe is gone
        gone = isinstance(ended.__context__, BrokenPipeError)
        return PIPE_GONE if gone else ended.code if isinstance(ended.code, int) else 0
    except (OSError, MemoryError) as error:
        sys.stderr.write(f"losscli: error: {_told(error)}\n{INCOMPLETE}")
        return FAILED
    except Exception:  # noqa: BLE001  the outermost layer: what arrives here is a bug, and is shown as one
        import traceback  # noqa: PLC0415  never needed otherwise

        traceback.print_exc()
        sys.stderr.write("losscli: error: this is a bug in losscli\nhint: report it with the lines above\n")
        return BUG


def _begin_early(arguments: list[str]) -> None:
    """Begin what takes as long as importing numpy, and can be done beside it."""
    paths = [one for one in arguments if one.endswith((".csv", ".tsv"))]
    if paths and not any(one.startswith(("-j", "--jobs")) for one in arguments):
        from losscli.sources.csv_beside import begin  # noqa: PLC0415  not for other data

        begin(paths)


def _told(error: OSError | MemoryError) -> str:
    if isinstance(error, MemoryError):
        return "out of memory"
    return f"{error.filename or 'stdout'}: {error.strerror or error}"


def _let_signals_kill() -> None:
    """Nothing is left but to write out what is buffered: a further Ctrl-C need not wait for a reader."""
    import signal  # noqa: PLC0415  as above

    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) in (signal.default_int_handler, _terminated):
            signal.signal(number, signal.SIG_DFL)


def _flushed(code: int) -> int:
    """Write out what is still buffered. The reader may be gone and the disk full: an error that was told stays."""
    sys.stderr.flush()  # which loses what it cannot write
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return code or PIPE_GONE
    except OSError as error:
        if not code:
            sys.stderr.write(f"losscli: error: stdout: {error.strerror}\n{INCOMPLETE}")
        return code or FAILED
    return code
