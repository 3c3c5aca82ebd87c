"""Workspaces: a page each, panels in a layout."""
