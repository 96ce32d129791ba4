"""The command line: from argv to an exit code."""

from __future__ import annotations

import gc
import io
import os
import sys
from typing import NoReturn

FAILED, BUG, INTERRUPTED, PIPE_GONE = 3, 70, 130, 141
INCOMPLETE = "hint: the result is not complete\n"


def main() -> NoReturn:
    """Run losscli and leave with its exit code.

    Three things make starting and leaving cheap: no garbage collection while modules are imported, one BLAS thread
    (losses need none), and no dismantling of the interpreter at the end.
    """
    gc.disable()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    _mend_streams()
    code = _guarded(sys.argv[1:])
    _let_interrupts_kill()
    code = _flushed(code)
    os._exit(code)


def _mend_streams() -> None:
    """Give a closed stream a stand-in, and an unbuffered stdout its buffer.

    Writing to a closed stdout then fails as an error that can be told, not as a bug. Without a buffer
    (``PYTHONUNBUFFERED``) Python takes a write that the system cut short for a whole one: data would be lost silently.
    """
    if sys.stdout is None:
        sys.stdout = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115  start-up; open while losscli runs
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115  as above
    if isinstance(getattr(sys.stdout, "buffer", None), io.RawIOBase):
        sys.stdout = open(sys.stdout.fileno(), "w", encoding=sys.stdout.encoding, closefd=False)  # noqa: SIM115  as above


def _guarded(arguments: list[str]) -> int:
    """Run the command; turn whatever ends it into an exit code. Only a bug shows a traceback."""
    try:
        from losscli.cli.app import run  # noqa: PLC0415  an interrupt while modules are imported is caught here, too

        return run(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return PIPE_GONE
    except SystemExit as ended:  # how typer leaves after completing a word, and when a pipe is gone
        gone = isinstance(ended.__context__, BrokenPipeError)
        return PIPE_GONE if gone else ended.code if isinstance(ended.code, int) else 0
    except OSError as error:
        sys.stderr.write(f"losscli: error: {error.filename or 'stdout'}: {error.strerror or error}\n{INCOMPLETE}")
        return FAILED
    except Exception:  # noqa: BLE001  the outermost layer: what arrives here is a bug, and is shown as one
        import traceback  # noqa: PLC0415  never needed otherwise

        traceback.print_exc()
        sys.stderr.write("losscli: error: this is a bug in losscli\nhint: report it with the lines above\n")
        return BUG


def _let_interrupts_kill() -> None:
    """Nothing is left but to write out what is buffered: a further Ctrl-C need not wait for a reader."""
    import signal  # noqa: PLC0415  with what takes long to import, where an interrupt is caught

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def _flushed(code: int) -> int:
    """Write out what is still buffered; the reader may be gone and the disk full."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            code = PIPE_GONE
        except OSError as error:
            if not code:
                sys.stderr.write(f"losscli: error: stdout: {error.strerror}\n{INCOMPLETE}")
            code = code or FAILED
    return code
