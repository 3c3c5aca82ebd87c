"""The rules of the network: forward, backward, the loss, and the tutorial's worked numbers."""

from __future__ import annotations

import numpy as np
import pytest

from micronn_core.nn.activations import ACTIVATIONS, RELU, Activation
from micronn_core.nn.initializers import INITIALIZERS, Initializer
from micronn_core.nn.loss import cross_entropy, softmax
from micronn_core.nn.network import Network, Parameters
from tests.core.samples import made_up

SIZES = {1: (6, 4), 2: (6, 5, 4), 3: (6, 5, 3, 4), 4: (6, 5, 4, 3, 4)}


def loss(network: Network, x: np.ndarray, labels: np.ndarray) -> float:
    return cross_entropy(network.forward(x).logits, labels)


@pytest.mark.parametrize("depth", SIZES)
@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ACTIVATIONS)
def test_that_the_gradient_of_every_parameter_is_the_slope_of_the_loss(
    activation: Activation, depth: int
) -> None:
    samples = made_up(7, 6, classes=4)
    network = Network.create(SIZES[depth], activation, seed=depth, dtype=np.float64)
    gradient = network.backward(network.forward(samples.x), samples.labels)
    vector, h, slopes = network.parameters.vector, 1e-6, []
    for i, value in enumerate(vector.copy()):
        vector[i] = value + h
        above = loss(network, samples.x, samples.labels)
        vector[i] = value - h
        slopes.append((above - loss(network, samples.x, samples.labels)) / (2 * h))
        vector[i] = value
    assert np.count_nonzero(slopes) > len(slopes) / 2
    np.testing.assert_allclose(gradient.vector, slopes, rtol=0, atol=1e-8)


def test_that_forward_leaves_nothing_on_the_network() -> None:
    network = Network.create((6, 5, 4), dtype=np.float64)
    weights, attributes = network.parameters.vector.copy(), dict(vars(network))
    network.forward(made_up(3, 6).x)
    assert vars(network) == attributes
    np.testing.assert_array_equal(network.parameters.vector, weights)


def test_that_a_prediction_between_forward_and_backward_leaves_the_gradient_alone() -> None:
    samples, others = made_up(9, 6, classes=4), made_up(2, 6, seed=5)
    network = Network.create((6, 5, 4), dtype=np.float64)
    undisturbed = network.backward(network.forward(samples.x), samples.labels)
    trace = network.forward(samples.x)
    network.predict(others.x)
    np.testing.assert_array_equal(network.backward(trace, samples.labels).vector, undisturbed.vector)


def test_that_backward_leaves_the_trace_alone() -> None:
    samples = made_up(9, 6, classes=4)
    network = Network.create((6, 5, 4), dtype=np.float64)
    trace = network.forward(samples.x)
    before = [array.copy() for array in (*trace.z, *trace.a)]
    network.backward(trace, samples.labels)
    for array, copy in zip((*trace.z, *trace.a), before, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_that_every_neuron_has_a_bias_gradient_of_its_own() -> None:
    samples = made_up(9, 6, classes=4)
    network = Network.create((6, 5, 4), dtype=np.float64)
    trace = network.forward(samples.x)
    output = network.backward(trace, samples.labels).layers[-1]
    dz = trace.probabilities - np.eye(4)[samples.labels].T
    np.testing.assert_allclose(output.bias, dz.mean(axis=1, keepdims=True), rtol=1e-12)
    assert len(np.unique(output.bias)) == 4


def test_that_the_gradient_of_a_batch_is_the_mean_of_its_samples_gradients() -> None:
    samples = made_up(5, 6, classes=4)
    network = Network.create((6, 5, 4), dtype=np.float64)
    whole = network.backward(network.forward(samples.x), samples.labels)
    singles = [
        network.backward(network.forward(samples.x[:, i : i + 1]), samples.labels[i : i + 1]).vector
        for i in range(5)
    ]
    np.testing.assert_allclose(whole.vector, np.mean(singles, axis=0), rtol=1e-10, atol=1e-15)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_that_a_trace_holds_every_layer_in_the_networks_number_format(dtype: type) -> None:
    x = made_up(7, 6, dtype=dtype).x
    trace = Network.create((6, 5, 3, 4), dtype=dtype).forward(x)
    assert [z.shape for z in trace.z] == [a.shape for a in trace.a] == [(5, 7), (3, 7), (4, 7)]
    assert all(array.dtype == dtype for array in (*trace.z, *trace.a))
    assert trace.x is x
    np.testing.assert_array_equal(trace.a[0], np.maximum(trace.z[0], 0))
    np.testing.assert_array_equal(trace.probabilities, softmax(trace.logits))


@pytest.mark.parametrize("shape", [(6,), (5, 3), (3, 6), (6, 3, 1)])
def test_that_input_of_another_shape_is_refused_with_the_shape_that_fits(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"x must have shape \(6, m\), one column a sample, not \("):
        Network.create((6, 4)).forward(np.zeros(shape))


def test_that_the_same_seed_gives_the_same_weights_and_another_seed_others() -> None:
    first, again, other = (Network.create((784, 10, 10), seed=seed).parameters.vector for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("initializer", INITIALIZERS.values(), ids=INITIALIZERS)
def test_that_float32_and_float64_networks_of_one_seed_start_at_the_same_place(
    initializer: Initializer,
) -> None:
    single, double = (
        Network.create((20, 10, 5), initializer=initializer, dtype=dtype)
        for dtype in (np.float32, np.float64)
    )
    np.testing.assert_array_equal(single.parameters.vector, double.parameters.vector.astype(np.float32))


def test_that_layers_are_views_into_one_vector_in_the_order_of_the_formulas() -> None:
    parameters = Parameters((3, 2, 4), np.arange(20.0))
    (w1, b1), (w2, b2) = parameters.layers
    assert w1.tolist() == [[0, 1, 2], [3, 4, 5]]
    assert b1.tolist() == [[6], [7]]
    assert w2.tolist() == [[8, 9], [10, 11], [12, 13], [14, 15]]
    assert b2.tolist() == [[16], [17], [18], [19]]
    w2[0, 1] = -1
    assert parameters.vector[9] == -1
    assert Parameters.count((784, 10, 10)) == 7_960


def test_that_a_frozen_copy_can_not_be_written_to_and_does_not_follow_the_original() -> None:
    parameters = Parameters((3, 2), np.arange(8.0))
    copy = parameters.frozen_copy()
    parameters.vector[0] = 99
    assert copy.vector[0] == 0
    for array in (copy.vector, copy.layers[0].weight, copy.layers[0].bias):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 1


def test_that_the_prediction_is_the_class_of_the_largest_probability() -> None:
    network, x = Network.create((6, 5, 4)), made_up(30, 6, dtype=np.float32).x
    np.testing.assert_array_equal(network.predict(x), network.forward(x).probabilities.argmax(axis=0))


class TestTheTutorialsWorkedExample:
    """The tutorial's worked example's 3-2-2 network: one step by hand, to every printed digit.

    The document rounds a2 to three decimals and carries that on; no printed digit of the step
    itself depends on it. Its two slips are named where they stand.
    """

    X = np.array([[0.5], [0.8], [0.2]])
    LABEL = np.array([1])

    @staticmethod
    def network() -> Network:
        numbers = [0.2, -0.3, 0.1, 0.4, 0.1, -0.2, 0.1, -0.1, 0.3, -0.2, -0.1, 0.4, 0.05, -0.05]
        return Network(Parameters((3, 2, 2), np.array(numbers)), RELU)

    @staticmethod
    def assert_printed(found: np.ndarray, printed: list[list[float]], decimals: int) -> None:
        """Half a unit of the last printed digit is allowed, no more."""
        np.testing.assert_allclose(found, printed, rtol=0, atol=0.5 * 10**-decimals + 1e-12)

    def after_one_step(self) -> Network:
        network = self.network()
        gradient = network.backward(network.forward(self.X), self.LABEL)
        network.parameters.vector -= 0.1 * gradient.vector
        return network

    def test_that_the_forward_pass_gives_its_numbers(self) -> None:
        trace = self.network().forward(self.X)
        np.testing.assert_allclose(trace.z[0], [[-0.02], [0.14]], atol=1e-15)
        np.testing.assert_allclose(trace.a[0], [[0], [0.14]], atol=1e-15)
        np.testing.assert_allclose(trace.z[1], [[0.022], [0.006]], atol=1e-15)
        self.assert_printed(trace.a[1], [[0.504], [0.496]], 3)

    def test_that_the_loss_is_0_701(self) -> None:
        logits = self.network().forward(self.X).logits
        self.assert_printed(cross_entropy(logits, self.LABEL), 0.701, 3)
        # For class 0 the document prints 0.686; -log(0.504) is 0.685.
        self.assert_printed(cross_entropy(logits, np.array([0])), 0.685, 3)

    def test_that_the_backward_pass_gives_its_gradients(self) -> None:
        network = self.network()
        (dw1, db1), (dw2, db2) = network.backward(network.forward(self.X), self.LABEL).layers
        self.assert_printed(dw2, [[0, 0.0706], [0, -0.0706]], 4)
        self.assert_printed(db2, [[0.504], [-0.504]], 3)
        self.assert_printed(dw1, [[0, 0, 0], [-0.1512, -0.2419, -0.0605]], 4)
        self.assert_printed(db1, [[0], [-0.3024]], 4)

    def test_that_the_step_gives_its_new_weights(self) -> None:
        (w1, b1), (w2, b2) = self.after_one_step().layers
        self.assert_printed(w2, [[0.3, -0.2071], [-0.1, 0.4071]], 4)
        self.assert_printed(b2, [[-0.0004], [0.0004]], 4)
        self.assert_printed(w1, [[0.2, -0.3, 0.1], [0.4151, 0.1242, -0.1940]], 4)
        self.assert_printed(b1, [[0.1], [-0.0698]], 4)

    def test_that_the_right_class_then_has_a_probability_of_0_531(self) -> None:
        trace = self.after_one_step().forward(self.X)
        # The document prints a1 = 0.1979 and z2 = -0.0414, 0.0810: a slip in adding up z1, whose
        # terms give 0.1983. The probabilities are the same to the last printed digit.
        self.assert_printed(trace.a[0], [[0], [0.1984]], 4)
        self.assert_printed(trace.z[1], [[-0.0415], [0.0811]], 4)
        self.assert_printed(trace.a[1], [[0.469], [0.531]], 3)
