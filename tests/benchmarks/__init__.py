"""Speed, measured against other programs and within the window."""

import os
import tempfile

# The window keeps its runs: while it is measured, not among those of the user.
_data = tempfile.TemporaryDirectory(prefix="micronn-bench-")
os.environ["XDG_DATA_HOME"] = _data.name
