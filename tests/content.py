"""Files and numbers are compared byte by byte here: a failure says how many differ and where it begins.

Never compare long bytes by `==` in an assertion: pytest then lists megabytes of differences.
"""

from __future__ import annotations


def assert_same_bytes(found: bytes, expected: bytes) -> None:
    """Fail if a single byte differs."""
    if found == expected:
        return
    differing = [i for i, (a, b) in enumerate(zip(found, expected, strict=False)) if a != b]
    first = differing[0] if differing else min(len(found), len(expected))
    raise AssertionError(
        f"{len(differing):,} bytes differ, the first at {first:,}; "
        f"there are {len(found):,}, and {len(expected):,} were expected"
    )
