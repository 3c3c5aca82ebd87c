"""How much memory a process has taken at most, by Linux.

Not `ru_maxrss`: a process inherits that of whoever has started it.
"""

from __future__ import annotations

import re
from pathlib import Path


def peak_bytes() -> int:
    """Return the most memory that this process has taken so far."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return 1024 * int(found[1])
