"""One learning step, number by number."""
