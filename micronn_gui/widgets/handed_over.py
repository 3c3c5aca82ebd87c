"""What somebody drops on the window or pastes: one file, one picture, or a word on why it is neither."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

from micronn_core.common.errors import DataError
from micronn_core.common.texts import tr

_KINDS = ("image/png", "image/jpeg", "image/webp", "image/bmp")


def handed_over(data: QMimeData | None) -> Path | QImage | bytes:
    """Return the file or the picture that was dropped or pasted, or the content of a picture's file.

    Raises:
        DataError: it is none, or more than one; the text says what to do.
    """
    if data is None:
        raise DataError(tr("There is nothing on the clipboard. Copy a picture or a file first."))
    urls = data.urls()
    files = [url.toLocalFile() for url in urls if url.isLocalFile()]
    kind = next((kind for kind in _KINDS if data.hasFormat(kind)), None) if not files else None
    if kind is not None:  # to be read beside the window; Qt would do so here and now
        return bytes(data.data(kind).data())
    image = data.imageData() if data.hasImage() and not files else None
    if isinstance(image, QImage) and not image.isNull():
        return image
    if len(urls) > 1:
        raise DataError(tr("These are {count:,} files at once. Take one at a time.", count=len(urls)))
    written = data.text().strip()
    if (urls and not files) or (not urls and "://" in written):
        text = tr(
            "{address} is an address, not a file. Download what is there, then open the file.",
            address=_brief(urls[0].toDisplayString() if urls else written),
        )
        raise DataError(text)
    if files:
        return Path(files[0])
    if written:
        text = tr("This is text: {text!r}. Take a picture or a file.", text=_brief(written))
        raise DataError(text)
    raise DataError(tr("This is neither a picture nor a file. Copy a picture or a file, and try again."))


def _brief(text: str, most: int = 80) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
