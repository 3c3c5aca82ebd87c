"""Which of the processor's instructions the libraries use, and what the machine can do with them at best.

Most laptops have AVX2 alone. A processor with AVX-512 can play one: each library is told to leave the rest.
"""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Callable

import numpy as np
from threadpoolctl import threadpool_info

SMALLER = "MICRONN_BENCH_AVX2"
"""Set in a process whose libraries use AVX2 alone."""
SIDE = 2_048
"""Rows and columns of the matrices whose product shows the most that can be reached."""
COPIED = 1 << 28
"""Bytes that are copied to see how fast the memory is: far more than any cache holds."""
TRIES = 7


def suffix() -> str:
    """What is said behind a title of what was measured here."""
    return ", AVX2 alone" if os.environ.get(SMALLER) else ""


def can_play_smaller() -> bool:
    """Whether this processor has more than AVX2, and all of it is in use."""
    features = np._core._multiarray_umath.__cpu_features__  # type: ignore[attr-defined]
    return bool(features.get("AVX512F")) and not os.environ.get(SMALLER)


def smaller() -> dict[str, str]:
    """Return the environment in which NumPy, OpenBLAS and PyTorch use AVX2 and nothing above it."""
    above = [
        name
        for name in np._core._multiarray_umath.__cpu_dispatch__  # type: ignore[attr-defined]
        if "512" in name or name == "X86_V4"
    ]
    return {
        **os.environ,
        SMALLER: "1",
        "OPENBLAS_CORETYPE": "Haswell",
        "NPY_DISABLE_CPU_FEATURES": " ".join(above),
        "ATEN_CPU_CAPABILITY": "avx2",
        "ONEDNN_MAX_CPU_ISA": "AVX2",
    }


def in_use() -> list[tuple[str, str]]:
    """Return the kernels of each matrix library that is loaded."""
    libraries = [library for library in threadpool_info() if library["user_api"] == "blas"]
    return [
        (f"kernels of {library['internal_api']} {library['version']}", str(library.get("architecture")))
        for library in libraries
    ]


@functools.cache
def peak() -> float:
    """Return how many float32 operations a second a large matrix product does, on all cores."""
    rng = np.random.default_rng(0)
    a, b = (rng.random((SIDE, SIDE), np.float32) for _ in range(2))
    out = np.empty_like(a)
    return 2 * SIDE**3 / _best(lambda: np.matmul(a, b, out=out))


@functools.cache
def bandwidth() -> float:
    """Return how many bytes a second are read and written when memory is copied, on one core."""
    source = np.ones(COPIED, np.uint8)
    target = np.zeros_like(source)
    return 2 * COPIED / _best(lambda: np.copyto(target, source))


def _best(do: Callable[[], object]) -> float:
    taken = []
    for _ in range(TRIES):
        began = time.perf_counter()
        do()
        taken.append(time.perf_counter() - began)
    return min(taken)
