"""What curves and layers tell about the health of a run."""
