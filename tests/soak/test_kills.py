"""A hundred kills while programs train, save and draw: nothing that was reported saved is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.conftest import environment
from tests.paths import CHECKOUT

SEEDS, KILLS = range(4), 25


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked here")
@pytest.mark.parametrize("seed", SEEDS)
def test_that_nothing_that_was_reported_saved_is_lost_when_the_program_is_killed(
    tmp_path: Path, seed: int
) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.soak.kills", tmp_path / "kept", str(seed), str(KILLS)],
        env=environment(tmp_path, QT_QPA_PLATFORM="offscreen", OPENBLAS_NUM_THREADS="1"),
        capture_output=True,
        text=True,
        cwd=CHECKOUT,
    )
    assert ended.stderr == ""
    killed = json.loads(ended.stdout)
    assert killed["faults"] == []
    assert killed["kills"] == KILLS
    assert killed["savings"] > KILLS
