"""Where the files that travel with MicroNN are found: the images, the fonts, the icons."""

from __future__ import annotations

from pathlib import Path

from micronn_core.common.errors import DataError
from micronn_core.common.texts import tr

_PACKAGE = Path(__file__).resolve().parents[1]


def resource(*parts: str) -> Path:
    """Find a file or folder of `resources/`, in an installation or in a checkout.

    Args:
        *parts: the way below `resources/`, such as `"mnist", "train-images-idx3-ubyte.gz"`.

    Raises:
        DataError: there is no such file, so the installation is not complete.
    """
    # A wheel carries the files inside the package; only a checkout has them beside it. The package
    # comes first because beside an installed one lies whatever else is called "resources".
    installed = _PACKAGE / "_resources"
    root = installed if installed.is_dir() else _PACKAGE.parent / "resources"
    path = root.joinpath(*parts)
    if not path.exists():
        raise DataError(
            tr(
                "A file that belongs to MicroNN is missing: {path}. Reinstall MicroNN ({command}), or check "
                "its files out again.",
                path=path,
                command="pip install --force-reinstall micronn",
            )
        )
    return path
