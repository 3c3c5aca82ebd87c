"""The panels of the workspace Draw."""
