"""Compiles the translations into the wheel, so that what is compiled need not be kept."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileTranslations(BuildHookInterface):
    """Hatch's hook: adds `micronn.mo` beside the place of each `micronn.po`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile all translations; not for an editable installation, which reads the checkout."""
        self._made = Path(tempfile.mkdtemp())
        if version == "editable":
            return
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import read_po

        resources = Path(self.root) / "resources"
        for source in sorted(resources.glob("locale/*/LC_MESSAGES/*.po")):
            place = source.relative_to(resources).with_suffix(".mo")
            compiled = self._made / place
            compiled.parent.mkdir(parents=True)
            with source.open("rb") as text, compiled.open("wb") as file:
                write_mo(file, read_po(text))
            build_data["force_include"][str(compiled)] = f"micronn_core/_resources/{place.as_posix()}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was compiled: it is in the wheel."""
        shutil.rmtree(self._made)
