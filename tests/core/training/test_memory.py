"""The memory of a training is reckoned rightly, and refused before it is taken."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from micronn_core.common.errors import ConfigError
from micronn_core.training import memory
from micronn_core.training.memory import check_memory, training_bytes
from tests.core.training_runs import config, steps, trainer
from tests.paths import CHECKOUT

GB = 10**9

TRAIN = """
import sys
from tests.core.samples import made_up_split
from tests.core.training_runs import config
from tests.peak import peak_bytes
from micronn_core.training.trainer import Trainer
from micronn_core.training.memory import training_bytes
chosen, settings = made_up_split(200, 100, pixels=784, dtype="float64"), config(
    hidden=(2000, 2000), dtype="float64", optimizer=sys.argv[1], batch_size=100, epochs=2
)
before = peak_bytes()
with Trainer(settings, chosen, 4, threads=2) as trainer:
    for _ in trainer.run():
        pass
    shown, kept = trainer.snapshot(), trainer.checkpoint()
taken = peak_bytes() - before
print(taken / training_bytes((784, 2000, 2000, 4), settings, 2))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="measured by Linux")
@pytest.mark.parametrize("optimizer", ["gradient descent", "momentum", "adam"])
def test_that_a_training_takes_no_more_than_is_reckoned(optimizer: str) -> None:
    env = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    words = [sys.executable, "-c", TRAIN, optimizer]
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=True, timeout=60)
    assert 0.5 < float(done.stdout) <= 1


def test_that_the_widest_network_with_adam_takes_what_was_measured() -> None:
    sizes = (784, *[4096] * 8, 10)
    needed = training_bytes(sizes, config(hidden=(4096,) * 8, dtype="float64", optimizer="adam"), 2)
    assert needed / GB == pytest.approx(18.4, abs=2)


def test_that_a_network_beyond_memory_is_refused_with_what_would_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "available_bytes", lambda: 8 * GB)
    settings = config(hidden=(4096, 4096, 2048), dtype="float64", optimizer="adam")
    big = (784, 4096, 4096, 2048, 10)
    check_memory(big, settings, 2)
    monkeypatch.setattr(memory, "available_bytes", lambda: GB)
    with pytest.raises(
        ConfigError, match=r"784-4096-4096-2048-10 takes [\d.]+ GB .* and 1\.0 GB are free"
    ) as caught:
        check_memory(big, settings, 2)
    assert caught.value.field == "hidden"
    fitting = str(caught.value).split("hidden layers of ")[1].split(" ")[0]
    hidden = tuple(map(int, fitting.split("-")))
    check_memory((784, *hidden, 10), settings, 2)
    assert hidden[0] == hidden[1] == pytest.approx(2 * hidden[2], abs=1)
    with pytest.raises(ConfigError):
        check_memory((784, *[size + 20 for size in hidden], 10), settings, 2)


def test_that_a_trainer_refuses_it_before_it_takes_any(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "available_bytes", lambda: 0)
    with pytest.raises(ConfigError, match=r"0\.0 GB are free"), trainer(hidden=(4096, 4096)):
        pass
    with trainer() as made:  # a small one needs no asking
        steps(made.run())
