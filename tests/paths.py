"""Where the checkout and the files of the tests lie."""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).resolve().parent
CHECKOUT = TESTS.parent
STROKES = TESTS / "strokes.json"
"""400 of MNIST's digits as pen strokes."""
