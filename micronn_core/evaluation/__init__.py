"""How well a network does, and what it mistakes for what."""
