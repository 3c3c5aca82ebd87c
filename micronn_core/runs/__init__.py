"""Runs and networks that are kept."""
