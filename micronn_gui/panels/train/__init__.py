"""The panels of the workspace Train."""
