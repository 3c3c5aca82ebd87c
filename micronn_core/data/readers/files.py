"""Opening files of samples: plain or gzipped, and with words for whatever goes wrong."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedIOBase
from pathlib import Path
from typing import IO, TextIO, cast

from micronn_core.common.errors import DataError
from micronn_core.common.texts import mark, tr

GZIP_MAGIC = bytes.fromhex("1f8b")
COPY_AGAIN = mark("Copy or download the file again.")


@contextmanager
def opened(path: Path, remedy: str = COPY_AGAIN) -> Iterator[BufferedIOBase]:
    """Open a file to read bytes, unpacking gzip if that is what it holds, whatever its name.

    Raises:
        DataError: instead of any error of the file system, gzip or memory, here or in the body.
    """
    try:
        with path.open("rb") as raw:
            packed = raw.read(len(GZIP_MAGIC)) == GZIP_MAGIC
            raw.seek(0)
            if packed:
                with gzip.open(raw) as unpacked:
                    yield unpacked
            else:
                yield raw
    except FileNotFoundError as error:
        raise DataError(
            tr("{path}: there is no such file. {remedy}", path=path, remedy=tr(remedy))
        ) from error
    except IsADirectoryError as error:
        raise DataError(tr("{path} is a folder. Choose a file in it.", path=path)) from error
    except PermissionError as error:
        raise DataError(tr("{path}: no permission to read it. Change its permissions.", path=path)) from error
    except EOFError as error:
        raise DataError(
            tr(
                "{path}: the file is truncated, its gzip data end too early. {remedy}",
                path=path,
                remedy=tr(remedy),
            )
        ) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise DataError(
            tr(
                "{path}: the gzip data are damaged ({error}). {remedy}",
                path=path,
                error=error,
                remedy=tr(remedy),
            )
        ) from error
    except MemoryError as error:
        raise DataError(
            tr("{path}: the file does not fit into memory. Use a smaller one.", path=path)
        ) from error
    except OSError as error:
        raise DataError(
            tr(
                "{path} cannot be read: {error}. {remedy}",
                path=path,
                error=error.strerror or error,
                remedy=tr(remedy),
            )
        ) from error


@contextmanager
def as_text(stream: BufferedIOBase) -> Iterator[TextIO]:
    """Read an opened file as text in UTF-8, with or without its mark; bytes that are none become escapes."""
    text = io.TextIOWrapper(cast(IO[bytes], stream), "utf-8-sig", errors="backslashreplace", newline="")
    try:
        yield text
    finally:
        text.detach()  # whoever opened the file closes it
