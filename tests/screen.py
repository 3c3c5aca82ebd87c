"""A screen for windows that nobody sees, as large as any that people have."""

from __future__ import annotations

from pathlib import Path

OFFSCREEN = f"offscreen:configfile={Path(__file__).with_name('screen.json')}"
"""What `QT_QPA_PLATFORM` is to be: by itself, Qt has a screen of 800 x 800 there."""
