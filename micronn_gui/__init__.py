"""The window of MicroNN: it shows what `micronn_core` learns, while it learns."""
