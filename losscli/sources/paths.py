"""From what the user names to the files that are meant: folders, globs and ``file://`` URLs."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from losscli.errors import DataError, did_you_mean
from losscli.sources.inputs import FORMATS
from losscli.sources.remote import is_url
from losscli.sources.roles import natural
from losscli.sources.streams import CODECS, quoted

NO_VALUE = "__HIVE_DEFAULT_PARTITION__"
"""What stands for a missing value in the name of a folder."""


def expanded(paths: Sequence[str], *, any_suffix: bool) -> list[str]:
    """Return the files that are meant by what was named, those of a folder or glob in natural order.

    A name that exists is that file or folder, whatever signs are in it. Of a folder the files of a known format are
    meant, or with ``any_suffix`` all that are not hidden, in it and in its ``key=value`` folders.

    Raises DataError for a glob or folder without files, for a folder with files of several formats or with other
    folders in it, and for a ``file://`` URL of another machine.
    """
    return [file for path in paths for file in _meant(_local(path), any_suffix=any_suffix)]


def keys_of(path: str) -> dict[str, str]:
    """Return what the folders on the way to a file say in the form ``key=value``; a missing value is empty text.

    >>> keys_of("preds/region=north%20west/day=1/part-0.csv")
    {'region': 'north west', 'day': '1'}
    """
    if "=" not in path:
        return {}
    from urllib.parse import unquote  # noqa: PLC0415  only for such folders

    pairs = (folder.partition("=") for folder in path.replace(os.sep, "/").split("/")[:-1] if _is_pair(folder))
    return {unquote(key): "" if value == NO_VALUE else unquote(value) for key, _, value in pairs}


def _is_pair(part: str) -> bool:
    return part.find("=") > 0


def _local(path: str) -> str:
    """Return a ``file://`` URL as a path."""
    if not path.lower().startswith("file:") or os.path.exists(path):  # noqa: PTH110  pathlib costs start-up
        return path
    from urllib.parse import urlsplit  # noqa: PLC0415  with the next line: only for URLs
    from urllib.request import url2pathname  # noqa: PLC0415

    parts = urlsplit(path)
    if parts.netloc not in {"", "localhost"} or not parts.path:
        raise DataError(
            f"{path}: a file:// URL names a file of this machine", "write file:///folder/file, with three slashes"
        )
    return url2pathname(path.partition(":")[2].removeprefix("//").removeprefix(parts.netloc))


def _meant(path: str, *, any_suffix: bool) -> Iterator[str]:
    if os.path.isdir(path):  # noqa: PTH112  as above
        yield from _folder(path, any_suffix=any_suffix)
    elif path == "-" or is_url(path) or not any(sign in path for sign in "*?[") or os.path.lexists(path):
        yield path
    else:
        for found in _globbed(path):
            yield from _meant(found, any_suffix=any_suffix)


def _globbed(pattern: str) -> list[str]:
    """Return what a glob matches, hidden files left out as a shell does."""
    from glob import glob  # noqa: PLC0415  only for globs

    found = glob(pattern, recursive=True)  # noqa: PTH207  as above
    if "**" in pattern:  # which matches folders and then what is in them
        found = [one for one in found if not os.path.isdir(one)]  # noqa: PTH112  as above
    if not found:
        raise DataError(f"no file matches {pattern!r}", _beside(pattern))
    return sorted(found, key=_in_order)


def _in_order(path: str) -> list[list[tuple[int, int, str]]]:
    return [natural(part) for part in path.split(os.sep)]  # noqa: PTH206  as above


def _beside(pattern: str) -> str:
    """Return the way out for a glob that matches nothing."""
    folder, last = os.path.split(pattern)
    if any(sign in folder for sign in "*?["):
        return "look what its first part matches: " + f"ls -d {folder}"
    try:
        names = sorted((name for name in os.listdir(folder or ".") if not _hidden(name)), key=natural)  # noqa: PTH208  as above
    except OSError:
        return f"there is no folder {folder}"
    if not names:
        return f"there is nothing in {folder or 'this folder'}"
    return did_you_mean(last, names) or f"in {folder or 'this folder'} there is {names[0]!r}"


def _hidden(name: str) -> bool:
    """Tell files and folders that are not data: ``.part-0.crc``, ``_SUCCESS``, ``_temporary``."""
    return name.startswith((".", "_"))


def _folder(top: str, *, any_suffix: bool) -> list[str]:
    """Return the data files of a folder and of its ``key=value`` folders."""
    files: dict[str, str] = {}
    others: list[str] = []
    for folder, folders, names in os.walk(top, onerror=_refuse, followlinks=True):
        others += [os.path.join(folder, name) for name in folders if not _hidden(name) and not _is_pair(name)]  # noqa: PTH118  as above
        folders[:] = [name for name in folders if not _hidden(name) and _is_pair(name)]
        for name in names:
            if not _hidden(name) and (kind := "the same" if any_suffix else _format(name)):
                files[os.path.join(folder, name)] = kind  # noqa: PTH118  as above
    ordered = sorted(files, key=_in_order)
    _check_folder(top, ordered, files, others)
    return ordered


def _refuse(error: OSError) -> None:
    """Tell of a folder that cannot be read, which os.walk would pass over."""
    raise DataError(f"{error.filename}: {(error.strerror or str(error)).lower()}", "look at its permissions") from error


def _check_folder(top: str, ordered: Sequence[str], formats: dict[str, str], others: Sequence[str]) -> None:
    """Raise DataError for a folder of which it is not plain what is meant."""
    here = quoted(top.rstrip(os.sep) or os.sep)
    if others and not ordered:
        raise DataError(f"{top} holds folders and no data files", f"name what is meant: {quoted(others[0])}")
    if others:
        raise DataError(
            f"{top} holds the folder {os.path.basename(others[0])!r} beside data files",  # noqa: PTH119  as above
            f"name the files that are meant: '{here}/*{os.path.splitext(ordered[0])[1]}'",  # noqa: PTH122  as above
        )
    if not ordered:
        raise DataError(
            f"{top} holds no file of a known format ({', '.join(FORMATS)})",
            f"name the format if the files have no suffix: --from csv {here}",
        )
    if odd := next((one for one in ordered if formats[one] != formats[ordered[0]]), None):
        raise DataError(
            f"{top} holds files of several formats: {ordered[0]} and {odd}",
            f"name those that are meant: '{here}/*{os.path.splitext(ordered[0])[1]}'",  # noqa: PTH122  as above
        )


def _format(name: str) -> str | None:
    """Return the format that a file's suffix tells, that of a compression left aside."""
    stem, suffix = os.path.splitext(name)  # noqa: PTH122  as above
    if suffix.lower() in CODECS:
        suffix = os.path.splitext(stem)[1]  # noqa: PTH122  as above
    return FORMATS.get(suffix.lower())
