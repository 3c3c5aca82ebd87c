"""Panels: views of the states, each one thing to look at or to set."""
