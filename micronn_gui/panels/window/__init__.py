"""The frame round all workspaces."""
