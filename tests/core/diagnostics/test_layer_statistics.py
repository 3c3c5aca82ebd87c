"""The figures of the layers, against counts by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from micronn_core.diagnostics.layer_statistics import (
    MOST_VALUES,
    layer_figures,
    probe_count,
    rms,
    spread,
)
from micronn_core.nn.activations import ACTIVATIONS
from micronn_core.nn.network import Network, Parameters


def made(sizes: tuple[int, ...], activation: str, seed: int = 4) -> Network:
    return Network.create(sizes, ACTIVATIONS[activation], seed=seed, dtype=np.float64)


def probe(pixels: int, count: int = 40) -> np.ndarray:
    return np.random.default_rng(1).random((pixels, count))


def test_that_dead_neurons_are_those_that_answer_0_to_every_sample() -> None:
    network = made((6, 5, 3), "relu")
    network.layers[0].bias[[1, 3]] = -100.0
    network.layers[0].bias[[0, 2, 4]] = 1.5
    network.layers[0].weight[4] = np.array([-9, 0, 0, 0, 0, 0])  # answers to a few only
    trace = network.forward(probe(6))
    hidden, output = layer_figures(network, trace, network.parameters)
    assert 0 < (trace.a[0][4] > 0).mean() < 0.5
    assert hidden.dead == pytest.approx(2 / 5)
    assert math.isnan(hidden.saturated)
    assert math.isnan(output.dead)
    assert math.isnan(output.saturated)


@pytest.mark.parametrize(("activation", "steepest"), [("sigmoid", 0.25), ("tanh", 1.0)])
def test_that_saturated_answers_are_those_with_under_a_twentieth_of_the_steepest_slope(
    activation: str, steepest: float
) -> None:
    network = made((6, 5, 3), activation)
    network.layers[0].weight[...] *= 12
    trace = network.forward(probe(6))
    slopes = network.activation.derivative(trace.z[0], trace.a[0])
    figures = layer_figures(network, trace, network.parameters)[0]
    assert 0.1 < figures.saturated < 0.9
    assert figures.saturated == pytest.approx((slopes < steepest / 20).mean())
    assert math.isnan(figures.dead)


def test_that_leaky_relu_is_neither_dead_nor_saturated() -> None:
    network = made((6, 5, 3), "leaky_relu")
    network.layers[0].bias[...] = -100
    figures = layer_figures(network, network.forward(probe(6)), network.parameters)[0]
    assert math.isnan(figures.dead)
    assert math.isnan(figures.saturated)


def test_that_sizes_are_roots_of_mean_squares_of_weights_and_not_of_biases() -> None:
    network = made((6, 5, 3), "relu")
    network.layers[1].weight[0, 0] = -7
    gradient = Parameters(network.sizes, dtype=np.float64)
    gradient.layers[0].weight[...] = 3
    gradient.layers[0].bias[...] = 1000
    first, second = layer_figures(network, network.forward(probe(6)), gradient)
    assert (first.n_in, first.n_out, second.n_in, second.n_out) == (6, 5, 5, 3)
    assert first.weight_rms == pytest.approx(math.sqrt((network.layers[0].weight ** 2).mean()))
    assert first.gradient_rms == pytest.approx(3)
    assert second.gradient_rms == 0
    assert second.largest_weight == 7
    assert rms(np.zeros(0)) == 0


def test_that_a_spread_counts_every_value_but_zeros_in_common_bins() -> None:
    rng = np.random.default_rng(2)
    now, start = rng.normal(0, 2, (20, 30)), rng.normal(0, 1, (20, 30))
    now[:10] = 0
    found = spread(now, start, bins=8)
    low, high = min(now.min(), start.min()), max(now.max(), start.max())
    np.testing.assert_allclose(found.edges, np.linspace(low, high, 9))
    np.testing.assert_array_equal(found.start, np.histogram(start, found.edges)[0])
    np.testing.assert_array_equal(found.now, np.histogram(now[10:], found.edges)[0])
    assert found.zero_now == pytest.approx(0.5)
    assert found.zero_start == 0


def test_that_a_spread_spans_0_where_all_values_are_on_one_side() -> None:
    values = np.array([1.0, 2.0, 3.0])
    assert spread(values, values).edges[[0, -1]].tolist() == [0, 3]
    assert spread(-values, -values).edges[[0, -1]].tolist() == [-3, 0]


@pytest.mark.parametrize("values", [np.zeros(9), np.full(9, 2.5), np.array([np.nan, np.inf, 1.0])])
def test_that_values_without_a_range_make_a_spread_all_the_same(values: np.ndarray) -> None:
    found = spread(values, values, bins=4)
    assert np.isfinite(found.edges).all()
    assert (np.diff(found.edges) > 0).all()
    assert found.now.sum() == np.count_nonzero(np.isfinite(values) & (values != 0))


def test_that_a_spread_of_many_values_is_like_that_of_all() -> None:
    values = np.random.default_rng(5).normal(0, 1, (500, 784)).astype(np.float32)
    found = spread(values, values)
    assert MOST_VALUES / 3 < found.now.sum() <= MOST_VALUES
    shares = np.histogram(values, found.edges)[0] / values.size
    np.testing.assert_allclose(found.now / found.now.sum(), shares, atol=0.015)


@pytest.mark.parametrize(
    ("sizes", "count"), [((784, 10, 10), 256), ((784, 800, 10), 47), ((784, 4096, 4096, 10), 32)]
)
def test_that_wider_networks_are_probed_with_fewer_samples(sizes: tuple[int, ...], count: int) -> None:
    assert probe_count(sizes) == count
