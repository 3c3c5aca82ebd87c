"""Pictures and matrices in colours."""
