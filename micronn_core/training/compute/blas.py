"""How many threads NumPy's matrix library may use, while we share the work ourselves or let it."""

from __future__ import annotations

import functools
from contextlib import AbstractContextManager
from typing import cast

import numpy as np  # noqa: F401 - the library to be held must be loaded before it is looked for
from threadpoolctl import ThreadpoolController


def single_blas_thread() -> AbstractContextManager[object]:
    """Hold the matrix library to one thread inside a `with` block.

    The fast passes share their work between Python threads, which is quicker for small layers
    and leaves a window its share of the processor: the library's own threads spin while they
    wait, and make a window beside them stutter.
    """
    return blas_threads(1)


def blas_threads(count: int) -> AbstractContextManager[object]:
    """Let the matrix library use so many threads inside a `with` block, then as many as before.

    It takes some microseconds. The number holds for the whole process, and only one thread at a
    time can set it: while it holds the library, blocks in other threads change nothing.
    """
    return cast("AbstractContextManager[object]", _controller().limit(limits=count, user_api="blas"))


@functools.cache
def _controller() -> ThreadpoolController:
    """Look for the loaded libraries once: it takes milliseconds."""
    return ThreadpoolController().select(user_api="blas")
