"""The network and how it learns, to be read in an evening."""
