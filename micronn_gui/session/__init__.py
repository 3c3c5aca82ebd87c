"""The state of the application, on the GUI thread."""
