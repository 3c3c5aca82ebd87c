"""How much memory there is, looked at before much of it is taken."""

from __future__ import annotations


def available_bytes() -> int:
    """Return how many bytes can be taken without others having to give up theirs."""
    import psutil  # here, because most of what runs takes little

    return int(psutil.virtual_memory().available)
