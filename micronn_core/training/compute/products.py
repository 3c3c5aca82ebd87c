"""The two matrix products that cost nearly all of the training time: plain, then in blocks.

The plain forms are one line each. The blocked forms give the same numbers up to rounding.
They exist because the products here are tall and skinny, 48,000 samples by 784 pixels by 10
neurons, and OpenBLAS spends much of its time packing such matrices for its large kernels.
Its AVX-512 kernels skip the packing where rows x columns x depth is at most 10^6; so the
samples are seen as many small blocks, and `np.matmul` on that three-dimensional view runs
them in C. Where it has no such kernels, both forms take the same time.

In memory a sample is contiguous: `rows` (m, n) is the transpose of the formulas' x (n, m).
"""

from __future__ import annotations

import numpy as np

from micronn_core.nn.activations import Array

SMALL_PRODUCT = 1_000_000
"""Largest rows x columns x depth for which OpenBLAS does not pack."""

BLOCK = 120
"""Most samples in a block; a chunk of the fast passes is ten of them."""

MIN_BLOCK = 24
"""Blocks of fewer samples cost more in calls than they save."""


def block_size(n_in: int, n_out: int) -> int:
    """Return how many samples a block should hold, or 0 where plain products are better."""
    if not n_in:  # all pixels are black
        return 0
    size = min(BLOCK, SMALL_PRODUCT // (n_in * n_out))
    return size if size >= MIN_BLOCK else 0


def weighted_sums(rows: Array, weight: Array) -> Array:
    """Return z = W x for samples in rows: (m, n_in) and (n_out, n_in) give (m, n_out)."""
    block = block_size(weight.shape[1], weight.shape[0])
    if block and len(rows) > block:
        return weighted_sums_blocked(rows, weight, block)
    return rows @ weight.T


def weighted_sums_blocked(rows: Array, weight: Array, block: int) -> Array:
    """Do the same, `block` samples at a time."""
    turned = np.ascontiguousarray(weight.T)  # small, and read once per block
    z = np.empty((len(rows), len(weight)), rows.dtype)
    whole = len(rows) // block * block
    np.matmul(_blocks(rows[:whole], block), turned, out=_blocks(z[:whole], block))
    np.matmul(rows[whole:], turned, out=z[whole:])
    return z


def weight_gradient(dz: Array, rows: Array, out: Array | None = None) -> Array:
    """Return dW = dz xᵀ summed over the samples: (m, n_out) and (m, n_in) give (n_out, n_in).

    Args:
        dz: one sample a row.
        rows: the same.
        out: where to put it, if not into new memory.
    """
    block = block_size(rows.shape[1], dz.shape[1])
    if block and rows.size * dz.shape[1] > SMALL_PRODUCT:
        return weight_gradient_blocked(dz, rows, block, out)
    return np.matmul(dz.T, rows, out=out)


def weight_gradient_blocked(dz: Array, rows: Array, block: int, out: Array | None = None) -> Array:
    """Do the same, `block` samples at a time."""
    whole = len(rows) // block * block
    partial = np.matmul(_blocks(dz[:whole], block).transpose(0, 2, 1), _blocks(rows[:whole], block))
    gradient: Array = partial.sum(axis=0, out=out)
    if whole < len(rows):
        gradient += dz[whole:].T @ rows[whole:]
    return gradient


def _blocks(rows: Array, block: int) -> Array:
    """View (m, n) as (m / block, block, n)."""
    return rows.reshape(-1, block, rows.shape[1])
