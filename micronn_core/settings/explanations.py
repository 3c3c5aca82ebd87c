"""What every setting of a run means: in words, as a formula, what to expect, and where it comes from.

The choices of a setting (ReLU, Adam, cosine …) explain themselves in their own tables. To explain
a new setting, write a row in the table at the foot.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """The explanation of a setting.

    Attributes:
        name: the field of `TrainingConfig`, "augmentation." and the field of `Augmentation`, or "recipe".
        title: its name as people read it.
        what: what it does, in plain words.
        latex: the formula it stands in; "" where there is none.
        expect: what comes of turning it up or down.
        source: the document or paper it comes from.
    """

    name: str
    title: str
    what: str
    latex: str
    expect: str
    source: str


_DATA = (
    Entry(
        "recipe",
        "Recipe",
        "All settings of a run at once, as a document prints them. The same recipe with the same seed gives "
        "the same numbers.",
        "",
        "Choose one, then change what you like: the name becomes “Your own” until the settings fit again.",
        "the MicroNN tutorial and all that build on it",
    ),
    Entry(
        "dataset",
        "Dataset",
        "The pictures that the network learns from, and the digit that each one shows.",
        r"X = [x_1, \ldots, x_m], \quad x_i \in [0, 1]^{784}",
        "Other pictures, other weights: a network knows only what it has been shown.",
        "LeCun, Bottou, Bengio and Haffner 1998 (MNIST)",
    ),
    Entry(
        "split",
        "Train / val",
        "How many samples the network learns from, and how many are kept back to judge it by. "
        "The seed decides which.",
        r"m_{train} + m_{val} \leq 60000",
        "More to learn from gives a better network; more to judge by gives a steadier figure: of 1,000 "
        "samples each is 0.1 %.",
        "the MicroNN tutorial, the Kaggle notebook, the deep network; Stone 1974 on validation",
    ),
    Entry(
        "pixels",
        "Pixels",
        "The number that stands for a white pixel. Divided by 255 it is 1, as it should be.",
        r"x = \frac{\text{byte}}{255} \in [0, 1]",
        "From 0 to 255 the first sums are 255 times as large, and so is every gradient of the first layer: "
        "a learning rate that was right is then far too large.",
        "the Kaggle notebook divides, the deep network forgets to; LeCun, Bottou, Orr and Müller 1998, 4.3",
    ),
)

_NETWORK = (
    Entry(
        "hidden",
        "Hidden layers",
        "The number of neurons in each hidden layer. Each neuron weighs all outputs of the layer before it.",
        r"z_i = W_i\, a_{i-1} + b_i, \quad a_i = g(z_i)",
        "More neurons see more strokes, cost more time, and sooner learn the samples by heart. A second "
        "layer combines what the first has found.",
        "the MicroNN tutorial (10), the deep network (128, 32), the mini-batch network (128); Cybenko 1989",
    ),
    Entry(
        "activation",
        "Activation",
        "What a hidden neuron makes of its weighted sum. Without it, all layers together would be one "
        "matrix. Learning passes back through its slope.",
        r"a = g(z), \quad dz = da \odot g'(z)",
        "Where the slope is near 0, little is learned. The output layer always has softmax.",
        "the tutorial's worked example, step 3; the deep network",
    ),
    Entry(
        "initializer",
        "Weights",
        "The numbers that the weights begin with, before anything is learned.",
        r"\text{Var}(z) = n_{in} \cdot \text{Var}(W) \cdot \overline{x^2}",
        "Too large, and the first sums saturate the neurons or blow up the loss; too small, and the signal "
        "is lost between the layers.",
        "the Kaggle notebook, Xavier; He, Zhang, Ren and Sun 2015",
    ),
    Entry(
        "seed",
        "Seed",
        "The number from which all chance is drawn: the split, the first weights, the order of the batches, "
        "dropout and the varied pictures.",
        r"\text{seed} \rightarrow W^{(0)},\ W^{(1)},\ W^{(2)},\ \ldots",
        "The same seed gives the same run, bit for bit. Another one shows how much of a result is luck.",
        "the mini-batch network trains with seed 42; O'Neill 2014 (PCG64, NumPy's generator)",
    ),
    Entry(
        "dtype",
        "Numbers",
        "How many digits every number has: float32 about 7, float64 about 16.",
        r"\epsilon_{32} = 2^{-23}, \quad \epsilon_{64} = 2^{-52}",
        "float32 is about twice as fast and learns just as well. float64 is for checking gradients and for "
        "comparing with the documents.",
        "IEEE 754; the tutorial uses NumPy's float64",
    ),
    Entry(
        "softmax",
        "Softmax",
        "Which largest logit is subtracted before the exponentials, so that they do not overflow: that of "
        "each sample, which is right, or that of the whole batch.",
        r"a_i = \frac{e^{z_i - \max z}}{\sum_j e^{z_j - \max z}}",
        "With the whole batch's largest, samples far below it get 0 for every digit: they have no "
        "probabilities and teach nonsense.",
        "the MicroNN tutorial is right; the deep network is not; Bridle 1990",
    ),
)

_TRAINING = (
    Entry(
        "optimizer",
        "Optimizer",
        "How a gradient becomes a step of the weights.",
        r"W \leftarrow W - \text{step}(g, \alpha), \quad g = \frac{\partial L}{\partial W}",
        "Those with a memory take fewer epochs and want another learning rate: about 0.1 for plain descent, "
        "0.01 for momentum, 0.001 for RMSProp and Adam.",
        "the tutorial's worked example, step 7; the Kaggle notebook names Adam and RMSProp as next steps",
    ),
    Entry(
        "learning_rate",
        "Learning rate",
        "Alpha, the size of a step: how far the weights move against the gradient.",
        r"W \leftarrow W - \alpha\, dW",
        "Up: learns faster, until the loss jumps about or grows without end. Down: a calm curve that takes "
        "its time. It can be changed while it trains.",
        "the MicroNN tutorial (0.1), the deep network (0.03); Bengio 2012, section 3.1.1",
    ),
    Entry(
        "batch_size",
        "Batch",
        "How many samples each step is taken from. Full means all of them: one step an epoch.",
        r"dW = \frac{1}{m} \sum_{i=1}^{m} dW^{(i)}",
        "Small batches take many quick, noisy steps and arrive in far fewer epochs. The full batch goes "
        "smoothly and slowly. It can be changed while it trains.",
        "the MicroNN tutorial (full), the mini-batch network (128); Robbins and Monro 1951",
    ),
    Entry(
        "epochs",
        "Epochs",
        "How often all training samples are gone through.",
        r"\text{steps} = \text{epochs} \cdot \left\lceil \frac{m_{train}}{\text{batch}} \right\rceil",
        "More epochs learn more, until the validation loss rises again: from there on the samples are "
        "learned by heart. More can be added at any time.",
        "the MicroNN tutorial (500), the deep network (200), the mini-batch network (10)",
    ),
    Entry(
        "schedule",
        "Schedule",
        "How the learning rate changes in the course of the run.",
        r"\alpha_p = \alpha \cdot f(p), \quad 0 \leq p \leq 1",
        "A rate that falls towards the end lets the weights settle: often the last half per cent.",
        "the mini-batch network names it as a next step; Robbins and Monro 1951",
    ),
    Entry(
        "patience",
        "Patience",
        "Stops the run after so many epochs without a lower validation loss, and puts the best weights back. "
        "0 never stops.",
        r"\text{stop if } \min_{s > t - n} L_{val}(s) \geq \min_{s \leq t - n} L_{val}(s)",
        "Small: stops soon, perhaps too soon, for the loss wavers. Large: surer, but slower to give up.",
        "the mini-batch network names it as a next step; Prechelt 1998",
    ),
)

_RESTRAINT = (
    Entry(
        "dropout",
        "Dropout",
        "Silences this share of the hidden neurons in each step, chosen by chance, and makes the others "
        "stronger in turn. When the network is used, all take part.",
        r"a \leftarrow \frac{a \odot r}{1 - p}, \quad r \sim \text{Bernoulli}(1 - p)",
        "Up: neurons rely less on each other, and the gap between training and validation closes; too much, "
        "and a small network cannot learn. Try 0.2. 0 is off.",
        "the Kaggle notebook and the mini-batch network name it as a next step; Srivastava et al. 2014",
    ),
    Entry(
        "l2",
        "L2 penalty",
        "Pulls every weight towards 0, the more the larger it is.",
        r"L + \frac{\lambda}{2} \sum W^2, \quad g \leftarrow g + \lambda W",
        "Up: smoother weight images and less learning by heart, until nothing is learned at all. "
        "Try 0.0001. 0 is off.",
        "the Kaggle notebook, L2 regularisation (its λ divided by the samples); Krogh and Hertz 1992",
    ),
    Entry(
        "l1",
        "L1 penalty",
        "Pulls every weight towards 0 by the same amount, so that those of no use end there.",
        r"L + \lambda \sum |W|, \quad g \leftarrow g + \lambda\, \text{sign}(W)",
        "Up: fewer weights that matter; the border of the weight images turns blank. Try 0.00001. 0 is off.",
        "Tibshirani 1996",
    ),
    Entry(
        "clip",
        "Clip gradient",
        "Shortens a gradient that is longer than this, without turning it.",
        r"g \leftarrow g \cdot \min\left(1,\ \frac{c}{\|g\|}\right)",
        "Down: no step can leap, so that a bold learning rate survives; far down every step is of the same "
        "length. Try 1. 0 is off.",
        "Pascanu, Mikolov and Bengio 2013, algorithm 1",
    ),
)

_SIMARD = "the Kaggle notebook names it as a next step; Simard, Steinkraus and Platt 2003"
_CIRESAN = "Cireşan, Meier, Gambardella and Schmidhuber 2010"

_VARIED = (
    Entry(
        "augmentation",
        "Varied pictures",
        "Shows each training picture a little differently in every epoch: moved, turned, bent, in another "
        "pen. Validation and test pictures stay as they are.",
        r"x' = \text{vary}(x), \quad y' = y",
        "Stronger: the training accuracy falls, the validation accuracy rises, and it takes more neurons and "
        "more epochs. It needs batches.",
        _SIMARD,
    ),
    Entry(
        "augmentation.shift",
        "Shift",
        "Moves the digit by up to so many pixels along each side.",
        r"x'(u, v) = x(u + d_u,\ v + d_v), \quad |d| \leq s",
        "Up: it no longer matters where a digit stands. Try 1.5 pixels.",
        _SIMARD,
    ),
    Entry(
        "augmentation.rotation",
        "Rotation",
        "Turns the digit by up to so many degrees, either way.",
        r"\begin{bmatrix} u' \\ v' \end{bmatrix} = \begin{bmatrix} \cos\theta & -\sin\theta \\ \sin\theta & "
        r"\cos\theta \end{bmatrix} \begin{bmatrix} u \\ v \end{bmatrix}",
        "Up: crooked digits are read. Too far, and a 1 becomes a 7. Try 12 degrees.",
        _CIRESAN,
    ),
    Entry(
        "augmentation.slant",
        "Slant",
        "Leans the digit by up to so many degrees from upright, to the left or to the right.",
        r"u' = u + v \tan\theta",
        "Up: other hands are read; people lean more than they turn. Try 20 degrees.",
        _CIRESAN,
    ),
    Entry(
        "augmentation.scale",
        "Size",
        "Lets width and height, each for itself, grow or shrink by up to this share.",
        r"u' = u \cdot e^{\pm\ln(1 + s)}",
        "Up: wide, narrow, tall and small digits are read. Try 0.12, which is 12 %.",
        _CIRESAN,
    ),
    Entry(
        "augmentation.thickness",
        "Stroke",
        "Widens or thins the stroke: each pixel goes part of the way to its lightest or darkest neighbour.",
        r"x' = x + t\,(\max_{N} x - x)",
        "Up: fine pens and thick markers are read. Try 0.8 of a pixel.",
        "Serra 1982, dilation and erosion",
    ),
    Entry(
        "augmentation.elastic",
        "Elastic",
        "Bends the picture like a soft sheet: every pixel is moved by a smooth field drawn by chance.",
        r"x'(u) = x(u + \Delta(u)), \quad \Delta = \alpha\,(G_\sigma * \text{noise})",
        "Up: the trembling of hands is read; the largest gain of all. Too far, and digits fall apart. "
        "Try 1 pixel.",
        _SIMARD,
    ),
    Entry(
        "augmentation.noise",
        "Noise",
        "Adds a random number to every pixel; 1 is white on black.",
        r"x' = x + \epsilon, \quad \epsilon \sim \mathcal{N}(0, \sigma^2)",
        "Up: single pixels matter less, much as with a penalty on the weights. Try 0.1.",
        "Bishop 1995, training with noise",
    ),
)

GLOSSARY = {entry.name: entry for entry in (*_DATA, *_NETWORK, *_TRAINING, *_RESTRAINT, *_VARIED)}
