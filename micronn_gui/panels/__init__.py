"""Panels: views of the session, each one thing to look at or to set."""
