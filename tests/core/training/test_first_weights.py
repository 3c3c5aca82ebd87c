"""Whether trained weights came of the first weights of a seed can be told from the weights alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from micronn_core.nn.network import Parameters
from micronn_core.runs.pretrained import READY, load_ready
from micronn_core.settings.config import TrainingConfig
from micronn_core.training.trainer import came_of, new_network


def first_weights(config: TrainingConfig, n_in: int = 784) -> Parameters:
    return new_network(config, n_in, 10).parameters


@pytest.mark.parametrize("name", READY)
def test_that_every_ready_network_came_of_its_own_seed_and_of_no_other(name: str) -> None:
    saved = load_ready(name)
    assert came_of(saved.network.parameters, first_weights(saved.config))
    for seed in range(20, 25):
        assert not came_of(saved.network.parameters, first_weights(replace(saved.config, seed=seed)))


def test_that_weights_that_cannot_be_compared_came_of_nothing() -> None:
    first = first_weights(TrainingConfig())
    assert not came_of(first, first_weights(TrainingConfig(hidden=(11,))))
    assert not came_of(first, first_weights(TrainingConfig(initializer="zeros")))
    overflown = first.writable_copy()
    overflown.vector[:] = np.inf
    assert not came_of(overflown, first)


@pytest.mark.parametrize("seed", range(30))
def test_that_small_networks_are_not_alike_by_chance(seed: int) -> None:
    one, other = (first_weights(TrainingConfig(hidden=(3,), seed=s), n_in=4) for s in (seed, seed + 100))
    assert not came_of(one, other)
