"""What changes under way: from the next step on, whenever it is asked for, and always to the same end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from micronn_core.common.errors import ConfigError
from micronn_core.data.augmentation import AUGMENTATIONS
from micronn_core.data.dataset import Samples
from micronn_core.data.splits import Split
from micronn_core.nn.activations import Array
from micronn_core.settings.table import SETTINGS
from micronn_core.training.trainer import Trainer
from tests.core.samples import made_up_split
from tests.core.training_runs import change, steps, trainer

GENTLE, STRONG = (AUGMENTATIONS[name].augmentation for name in ("gentle", "strong"))
BEFORE: dict[str, Any] = {
    "batch_size": 16,
    "epochs": 9,
    "learning_rate": 0.05,
    "optimizer": "nesterov",
    "dropout": 0.3,
    "l2": 0.01,
    "augmentation": GENTLE,
}
CHANGES: dict[str, dict[str, Any]] = {
    "learning rate": {"learning_rate": 0.2},
    "batch size": {"batch_size": 11},
    "epochs": {"epochs": 8},
    "momentum": {"momentum": 0.5},
    "no momentum": {"momentum": 0},
    "another dropout": {"dropout": 0.6},
    "no dropout": {"dropout": 0},
    "another L2 penalty": {"l2": 0.1},
    "no L2 penalty": {"l2": 0},
    "an L1 penalty": {"l1": 0.01},
    "clipping": {"clip": 0.1},
    "another variation": {"augmentation": STRONG},
    "no variation": {"augmentation": AUGMENTATIONS["off"].augmentation},
    "all at once": {"momentum": 0.2, "l1": 0.01, "dropout": 0.1, "augmentation": STRONG, "batch_size": 9},
}
every_change = pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)


def pictures() -> Split:
    """Samples of 28x28, for only pictures can be varied."""
    return made_up_split(40, 12, pixels=784)


def weights(made: Trainer) -> Array:
    return made.network.parameters.vector.copy()


def take(made: Trainer, count: int) -> None:
    for _ in range(count):
        steps(made.step())


def test_that_a_change_of_every_live_setting_is_tried_here() -> None:
    tried = {name for changes in CHANGES.values() for name in changes}
    assert tried == {name for name, row in SETTINGS.items() if row.live} - {"my_digits"}


@every_change
def test_that_what_is_changed_before_the_start_is_as_if_it_had_always_been_so(
    changes: dict[str, Any],
) -> None:
    with trainer(pictures(), **BEFORE) as made, trainer(pictures(), **{**BEFORE, **changes}) as meant:
        change(made, **changes)
        take(made, 3)
        take(meant, 3)
        np.testing.assert_array_equal(weights(made), weights(meant))
        assert made.metrics == meant.metrics


@every_change
def test_that_a_change_in_the_middle_of_a_step_is_one_after_it(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any]
) -> None:
    monkeypatch.setattr("micronn_core.training.compute.passes.CHUNK", 8)
    monkeypatch.setattr("micronn_core.training.compute.passes.PIECE_OPERATIONS", 1)
    ends = []
    for pieces in (1, 2, 3, 10_000):  # so many pieces of step 4 are done when the change comes
        with trainer(pictures(), **BEFORE) as made:
            take(made, 3)
            step = made.step()
            done = [metrics for metrics, _ in zip(step, range(pieces), strict=False)]
            assert (done[-1] is None) == (pieces < 10)
            change(made, **changes)
            steps(step)
            take(made, 2)
            ends.append((made.metrics.step, weights(made).tobytes()))
    assert ends[0][0] == 6
    assert len(set(ends)) == 1


@every_change
def test_that_a_step_that_is_given_up_and_changed_never_was(changes: dict[str, Any]) -> None:
    ends = []
    for give_up in (False, True):
        with trainer(pictures(), **BEFORE) as made:
            take(made, 3)
            if give_up:
                step = made.step()
                assert next(step) is None
                step.close()
            change(made, **changes)
            take(made, 2)
            ends.append(weights(made))
    np.testing.assert_array_equal(*ends)


def test_that_a_change_and_its_taking_back_leave_no_trace() -> None:
    with trainer(pictures(), **BEFORE) as made, trainer(pictures(), **BEFORE) as plain:
        for one in (made, plain):
            take(one, 2)
        config = made.config
        change(made, **CHANGES["all at once"])
        made.change(config)
        for one in (made, plain):
            take(one, 3)
        np.testing.assert_array_equal(weights(made), weights(plain))


def test_that_a_changed_momentum_rolls_on_with_what_was_rolling() -> None:
    with trainer(optimizer="momentum", momentum=0.9, learning_rate=0.1, dtype="float64") as made:
        steps(made.start())
        first = made.snapshot().gradient.vector
        steps(made.step())
        change(made, momentum=0.25)
        before, second = made.snapshot().parameters.vector, made.snapshot().gradient.vector
        steps(made.step())
        expected = before - 0.1 * (0.25 * first + second)
        np.testing.assert_allclose(weights(made), expected, rtol=1e-12)


def test_that_other_optimizers_do_not_heed_the_momentum() -> None:
    ends = []
    for momentum in (0.9, 0.1):
        with trainer(optimizer="adam", momentum=momentum) as made:
            take(made, 3)
            ends.append(weights(made))
    np.testing.assert_array_equal(*ends)


def test_that_a_penalty_pulls_from_the_next_step_on() -> None:
    with trainer(learning_rate=0.1, dtype="float64") as made:
        steps(made.start())
        change(made, l2=0.5)
        before = made.snapshot()
        steps(made.step())
        for old, gradient, new in zip(
            before.parameters.layers, before.gradient.layers, made.network.parameters.layers, strict=True
        ):
            np.testing.assert_allclose(
                new.weight, old.weight - 0.1 * (gradient.weight + 0.5 * old.weight), rtol=1e-12
            )
            np.testing.assert_allclose(new.bias, old.bias - 0.1 * gradient.bias, rtol=1e-12)


def test_that_what_needs_a_new_network_is_refused_and_the_run_goes_on() -> None:
    with trainer() as made:
        take(made, 1)
        config = made.config
        for values in ({"hidden": (7,)}, {"seed": 9}, {"optimizer": "adam"}, {"schedule": "cosine"}):
            with pytest.raises(ConfigError, match="make a new network") as caught:
                change(made, **values)
            assert caught.value.field in values
        assert made.config == config
        take(made, 1)
        assert made.metrics.step == 2


def test_that_batches_larger_than_the_samples_are_refused_in_words() -> None:
    chosen = made_up_split(40, 12)
    with pytest.raises(ConfigError, match="40 samples to train on"), trainer(chosen, batch_size=41):
        pass
    with trainer(chosen, batch_size=40) as made:
        with pytest.raises(ConfigError, match="at most 40, not 41"):
            change(made, batch_size=41)
        assert made.config.batch_size == 40


def test_that_samples_which_are_no_pictures_are_not_varied() -> None:
    chosen = made_up_split(40, 12)
    with trainer(chosen, batch_size=8) as made:
        with pytest.raises(ConfigError, match="Only pictures can be varied"):
            change(made, augmentation=GENTLE)
        take(made, 2)
    plain = replace(chosen, train=Samples(chosen.train.x, chosen.train.labels, None))
    with pytest.raises(ConfigError, match="Only pictures"), trainer(plain, batch_size=8, augmentation=GENTLE):
        pass
