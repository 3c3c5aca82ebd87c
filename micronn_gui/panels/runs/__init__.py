"""The panels of the workspace Runs."""
