"""Training in small pieces of work, with its history."""
