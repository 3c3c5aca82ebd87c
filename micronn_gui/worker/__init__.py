"""The training thread: commands in, frozen updates out."""
