"""In a language made from its own texts, no finding says anything that was missed or glued."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from micronn_core.common.texts import ENGLISH, use_language
from micronn_core.diagnostics.health import examine
from tests.core.diagnostics.health_runs import trained
from tests.pseudo_language import CODE, faults

AILING: list[dict[str, Any]] = [
    {"pixels": "0 to 255", "epochs": 40},
    {"softmax": "whole batch"},
    {"initializer": "zeros", "epochs": 20},
    {"learning_rate": 20.0},
    {"learning_rate": 5.0},
    {"learning_rate": 2.0},
    {"learning_rate": 8.0, "activation": "tanh", "initializer": "xavier"},
    {"learning_rate": 1e-6},
    {"hidden": (16,) * 7, "activation": "sigmoid", "initializer": "xavier", "batch_size": 32},
]


@pytest.fixture(autouse=True)
def _pseudo(pseudo_translations: Path) -> Iterator[None]:
    use_language(CODE, pseudo_translations)
    yield
    use_language(ENGLISH, None)


@pytest.mark.parametrize("settings", AILING, ids=str)
def test_that_findings_and_their_advice_are_translated(settings: dict[str, Any]) -> None:
    findings = examine(trained(**settings))
    assert findings
    said = [text for finding in findings for text in (finding.text, finding.advice)]
    found = [f"{fault}: {text!r}" for text in said for fault in faults(text)]
    assert not found, "\n".join(found)
