"""Buttons, entries, popovers."""
