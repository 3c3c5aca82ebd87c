"""The panels of the workspace Inspect."""
