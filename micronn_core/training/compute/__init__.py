"""What makes training fast; the plain form of it is in `micronn_core.nn`."""
