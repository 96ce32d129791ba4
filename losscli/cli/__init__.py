"""The command line: from argv to an exit code."""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn

INTERRUPTED, PIPE_GONE, BUG = 130, 141, 70


def main() -> NoReturn:
    """Run losscli and leave with its exit code.

    Three things make starting and leaving cheap: no garbage collection while modules are imported, one BLAS thread
    (losses need none), and no dismantling of the interpreter at the end.
    """
    gc.disable()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    code = _guarded(sys.argv[1:])
    code = _flushed(code)
    os._exit(code)


def _guarded(arguments: list[str]) -> int:
    """Run the command; turn whatever ends it into an exit code. Only a bug shows a traceback."""
    try:
        from losscli.cli.app import run  # noqa: PLC0415  an interrupt while modules are imported is caught here, too

        return run(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return PIPE_GONE
    except SystemExit as ended:  # how typer leaves after completing a word
        return ended.code if isinstance(ended.code, int) else 0
    except Exception:  # noqa: BLE001  the outermost layer: what arrives here is a bug, and is shown as one
        import traceback  # noqa: PLC0415  never needed otherwise

        traceback.print_exc()
        sys.stderr.write("losscli: error: this is a bug in losscli\nhint: report it with the lines above\n")
        return BUG


def _flushed(code: int) -> int:
    """Write out what is still buffered; the reader may be gone and the disk full."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            code = PIPE_GONE
        except OSError as error:
            code = code or 3
            if stream is sys.stdout:
                sys.stderr.write(f"losscli: error: stdout: {error.strerror}\nhint: the result is not complete\n")
    return code
