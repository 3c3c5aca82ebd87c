"""Widgets that know nothing of networks: they show numbers and say what was clicked."""
