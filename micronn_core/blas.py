"""How many threads NumPy's matrix library may use, while we share the work ourselves or let it."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import numpy as np  # noqa: F401 - the library to be held must be loaded before it is looked for
from threadpoolctl import LibController, ThreadpoolController


def single_blas_thread() -> AbstractContextManager[None]:
    """Hold the matrix library to one thread inside a `with` block.

    The fast passes share their work between Python threads, which is quicker for small layers
    and leaves a window its share of the processor: the library's own threads spin while they
    wait, and make a window beside them stutter.
    """
    return blas_threads(1)


@contextmanager
def blas_threads(count: int) -> Iterator[None]:
    """Let the matrix library use so many threads inside a `with` block, and then as many as before.

    It takes a few microseconds. The number holds for the whole process.
    """
    libraries = _libraries()
    before = [library.get_num_threads() for library in libraries]
    for library in libraries:
        library.set_num_threads(count)
    try:
        yield
    finally:
        for library, threads in zip(libraries, before, strict=True):
            library.set_num_threads(threads)


@functools.cache
def _libraries() -> tuple[LibController, ...]:
    """Look for the loaded libraries once: it takes milliseconds."""
    return tuple(ThreadpoolController().select(user_api="blas").lib_controllers)
