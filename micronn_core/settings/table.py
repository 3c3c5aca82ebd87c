"""The table of settings: a row for each, which says all that is to be known of it.

From the row follow its checks and the words of its errors, its option on the command line, its field
in the recipe, its explanation, its values and its name in a sweep, its column among the runs, and
whether it can change while the network trains. To add a setting, write its row, and the code that
goes by it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from micronn_core.common.texts import mark
from micronn_core.data.augmentation import AMOUNTS, AUGMENTATIONS, Augmentation
from micronn_core.data.catalog import DATASETS
from micronn_core.data.splits import SPLITS
from micronn_core.nn.activations import ACTIVATIONS
from micronn_core.nn.initializers import INITIALIZERS
from micronn_core.nn.optimizers import OPTIMIZERS
from micronn_core.nn.schedules import SCHEDULES
from micronn_core.settings.data_kinds import (
    DatasetChoice,
    Fingerprint,
    SplitChoice,
    Variation,
    VariationAmount,
)
from micronn_core.settings.kinds import FULL_BATCH, BatchSize, Choice, FromZero, Layers, Rate, Whole
from micronn_core.settings.setting import ROW, Explained, Section, Setting, setting

MAX_WIDTH = 4_096
MAX_LAYERS = 8
MAX_LEARNING_RATE = 1_000.0
MAX_EPOCHS = 1_000_000
MAX_SEED = 2**31 - 1
MAX_PENALTY = 1.0
MAX_CLIP = 1e6

NOT_VARIED = AUGMENTATIONS["off"].augmentation


@dataclass(frozen=True)
class Option:
    """A value that needs no more than a name."""

    label: str


DTYPES = ("float32", "float64")


@dataclass(frozen=True)
class PixelRange(Option):
    """From 0 to what a white pixel is to a network. The deep network forgets to divide by 255."""

    white: float


PIXELS = {"0 to 1": PixelRange(mark("0 to 1"), 1.0), "0 to 255": PixelRange(mark("0 to 255"), 255.0)}

PER_SAMPLE, WHOLE_BATCH = "per sample", "whole batch"
SHIFTS = {PER_SAMPLE: Option(mark("Per sample")), WHOLE_BATCH: Option(mark("Whole batch"))}
"""Whose largest logit softmax subtracts. The deep network takes that of the whole batch: samples far below it
then get 0 everywhere."""

THREE = Section(mark("THE THREE THAT MATTER"))
DATA = Section(mark("Data"), mark("What it learns from, and what it is judged by"))
NETWORK = Section(mark("Network"), mark("What its neurons do, and what its weights begin with"))
TRAINING = Section(
    mark("Training"), mark("How a gradient becomes a step, and from how many samples it is taken")
)
OVERFITTING = Section(
    mark("Against overfitting"), mark("What keeps it from learning the training samples by heart")
)
VARIED = Section(
    mark("Varied pictures"), mark("Show each training picture a little differently in every epoch")
)
SECTIONS = (THREE, DATA, NETWORK, TRAINING, OVERFITTING, VARIED)
"""In the order of the recipe."""


@dataclass(frozen=True)
class SettingsTable:
    """All settings of a run, with their defaults: the MicroNN tutorial's training script.

    It has 784-10-10 neurons and learns from all samples at once, for 500 epochs at 0.1.
    """

    dataset: str = setting(
        "mnist",
        Setting(
            label=mark("Dataset"),
            short=mark("dataset"),
            subject=mark("The dataset"),
            kind=DatasetChoice(DATASETS),
            section=DATA,
            help=mark("What the network learns from"),
            what=mark("The pictures that the network learns from, and the digit that each one shows."),
            latex=r"X = [x_1, \ldots, x_m], \quad x_i \in [0, 1]^{784}",
            expect=mark("Other pictures, other weights: a network knows only what it has been shown."),
            source=mark("LeCun, Bottou, Bengio and Haffner 1998 (MNIST)"),
        ),
    )
    split: str = setting(
        "48000/12000",
        Setting(
            label=mark("Train / val"),
            short=mark("split"),
            subject=mark("The split"),
            kind=SplitChoice(SPLITS),
            section=DATA,
            summary=True,
            help=mark("How many samples to learn from, and how many to judge by"),
            what=mark(
                "How many samples the network learns from, and how many are kept back to judge it by. "
                "The seed decides which."
            ),
            latex=r"m_{train} + m_{val} \leq m",
            expect=mark(
                "More to learn from gives a better network; more to judge by gives a steadier figure: of "
                "1,000 samples each is 0.1 %."
            ),
            source=mark(
                "the MicroNN tutorial, the Kaggle notebook, the deep network; Stone 1974 on validation"
            ),
        ),
    )
    hidden: tuple[int, ...] = setting(
        (10,),
        Setting(
            label=mark("Neurons"),
            short=mark("neurons"),
            subject=mark("The width of a hidden layer"),
            kind=Layers(MAX_LAYERS, MAX_WIDTH),
            section=THREE,
            help=mark("Neurons of each hidden layer, such as 10 or 128, 32"),
            what=mark(
                "The number of neurons in each hidden layer. Each neuron weighs all outputs of the layer "
                "before it."
            ),
            latex=r"z_i = W_i\, a_{i-1} + b_i, \quad a_i = g(z_i)",
            expect=mark(
                "More neurons see more strokes, cost more time, and sooner learn the samples by heart. A "
                "second layer combines what the first has found."
            ),
            source=mark(
                "the MicroNN tutorial (10), the deep network (128, 32), the mini-batch network (128); "
                "Cybenko 1989"
            ),
            examples="10, 32, 128-32",
        ),
    )
    activation: str = setting(
        "relu",
        Setting(
            label=mark("Activation"),
            short=mark("activation"),
            subject=mark("The activation"),
            kind=Choice(ACTIVATIONS),
            section=NETWORK,
            summary=True,
            help=mark("What a hidden neuron makes of its weighted sum"),
            what=mark(
                "What a hidden neuron makes of its weighted sum. Without it, all layers together would "
                "be one matrix. Learning passes back through its slope."
            ),
            latex=r"a = g(z), \quad dz = da \odot g'(z)",
            expect=mark("Where the slope is near 0, little is learned. The output layer always has softmax."),
            source=mark("the tutorial's worked example, step 3; the deep network"),
            examples="relu, sigmoid, tanh",
        ),
    )
    initializer: str = setting(
        "uniform",
        Setting(
            label=mark("Weights"),
            short=mark("weights"),
            subject=mark("The initializer"),
            kind=Choice(INITIALIZERS),
            section=NETWORK,
            summary=True,
            help=mark("Where the weights start"),
            what=mark("The numbers that the weights begin with, before anything is learned."),
            latex=r"\text{Var}(z) = n_{in} \cdot \text{Var}(W) \cdot \overline{x^2}",
            expect=mark(
                "Too large, and the first sums saturate the neurons or blow up the loss; too small, and "
                "the signal is lost between the layers."
            ),
            source=mark("the Kaggle notebook, Xavier; He, Zhang, Ren and Sun 2015"),
            examples="uniform, xavier, he",
        ),
    )
    optimizer: str = setting(
        "gradient descent",
        Setting(
            label=mark("Optimizer"),
            short=mark("optimizer"),
            subject=mark("The optimizer"),
            kind=Choice(OPTIMIZERS),
            section=TRAINING,
            summary=True,
            help=mark("How a gradient becomes a step"),
            what=mark("How a gradient becomes a step of the weights."),
            latex=r"W \leftarrow W - \text{step}(g, \alpha), \quad g = \frac{\partial L}{\partial W}",
            expect=mark(
                "Those with a memory take fewer epochs and want another learning rate: about 0.1 for "
                "plain descent, 0.01 for momentum, 0.001 for RMSProp and Adam."
            ),
            source=mark(
                "the tutorial's worked example, step 7; the Kaggle notebook names Adam and RMSProp as "
                "next steps"
            ),
            examples="gradient descent, momentum, adam",
        ),
    )
    learning_rate: float = setting(
        0.1,
        Setting(
            label=mark("Learning rate"),
            short=mark("rate"),
            subject=mark("The learning rate"),
            kind=Rate(MAX_LEARNING_RATE, low=0.01, high=0.5),
            section=THREE,
            help=mark("The size of a step, alpha"),
            what=mark("Alpha, the size of a step: how far the weights move against the gradient."),
            latex=r"W \leftarrow W - \alpha\, dW",
            expect=mark(
                "Up: learns faster, until the loss jumps about or grows without end. Down: a calm curve "
                "that takes its time. It can be changed while it trains."
            ),
            source=mark("the MicroNN tutorial (0.1), the deep network (0.03); Bengio 2012, section 3.1.1"),
            live=True,
            aliases=("lr", "rate"),
            examples="0.05, 0.1, 0.2",
        ),
    )
    batch_size: int = setting(
        FULL_BATCH,
        Setting(
            label=mark("Batch"),
            short=mark("batch"),
            subject=mark("The batch size"),
            kind=BatchSize(),
            section=TRAINING,
            summary=True,
            help=mark("Samples per step, or full for all of them"),
            what=mark("How many samples each step is taken from. Full means all of them: one step an epoch."),
            latex=r"dW = \frac{1}{m} \sum_{i=1}^{m} dW^{(i)}",
            expect=mark(
                "Small batches take many quick, noisy steps and arrive in far fewer epochs. The full "
                "batch goes smoothly and slowly. It can be changed while it trains."
            ),
            source=mark("the MicroNN tutorial (full), the mini-batch network (128); Robbins and Monro 1951"),
            live=True,
            aliases=("batch",),
            examples="32, 128, 512",
        ),
    )
    epochs: int = setting(
        500,
        Setting(
            label=mark("Epochs"),
            short=mark("epochs"),
            subject=mark("The number of epochs"),
            kind=Whole(1, MAX_EPOCHS),
            section=THREE,
            help=mark("Passes over all training samples"),
            what=mark("How often all training samples are gone through."),
            latex=(
                r"\text{steps} = \text{epochs} \cdot \left\lceil \frac{m_{train}}{\text{batch}} "
                r"\right\rceil"
            ),
            expect=mark(
                "More epochs learn more, until the validation loss rises again: from there on the "
                "samples are learned by heart. More can be added at any time."
            ),
            source=mark("the MicroNN tutorial (500), the deep network (200), the mini-batch network (10)"),
            live=True,
            examples="5, 10, 20",
        ),
    )
    seed: int = setting(
        8,
        Setting(
            label=mark("Seed"),
            short=mark("seed"),
            subject=mark("The seed"),
            kind=Whole(0, MAX_SEED, counts=False),
            section=NETWORK,
            help=mark("The same seed gives the same network and the same run"),
            what=mark(
                "The number from which all chance is drawn: the split, the first weights, the order of "
                "the batches, dropout and the varied pictures."
            ),
            latex=r"\text{seed} \rightarrow W^{(0)},\ W^{(1)},\ W^{(2)},\ \ldots",
            expect=mark(
                "The same seed gives the same run: bit for bit on one machine with as many threads, "
                "nearly so elsewhere. Another one shows how much of a result is luck."
            ),
            source=mark(
                "the mini-batch network trains with seed 42; O'Neill 2014 (PCG64, NumPy's generator)"
            ),
            examples="1, 2, 3",
        ),
    )
    schedule: str = setting(
        "constant",
        Setting(
            label=mark("Schedule"),
            short=mark("schedule"),
            subject=mark("The schedule"),
            kind=Choice(SCHEDULES),
            section=TRAINING,
            help=mark("How the learning rate changes in the course of the run"),
            what=mark("How the learning rate changes in the course of the run."),
            latex=r"\alpha_p = \alpha \cdot f(p), \quad 0 \leq p \leq 1",
            expect=mark(
                "A rate that falls towards the end lets the weights settle: often the last half per cent."
            ),
            source=mark("the mini-batch network names it as a next step; Robbins and Monro 1951"),
            examples="constant, cosine",
        ),
    )
    momentum: float = setting(
        0.9,
        Setting(
            label=mark("Momentum"),
            short=mark("momentum"),
            subject=mark("The momentum"),
            kind=FromZero(
                1, mark("A momentum of 1 forgets nothing, so that no step would ever end; 0.9 is usual.")
            ),
            section=TRAINING,
            help=mark(
                "How much of its last step the optimizers Momentum and Nesterov go on with: 0.9 is "
                "usual, 0 is off"
            ),
            what=mark(
                "How much of the step before goes into the next one: the optimizers Momentum and "
                "Nesterov roll on like a ball."
            ),
            latex=r"v \leftarrow \beta v + g, \quad W \leftarrow W - \alpha\,v",
            expect=mark(
                "Up: faster along a long slope, as if the learning rate were up to 1 / (1 - β) times as "
                "large, and further beyond the goal. 0 is plain descent. The other optimizers do not "
                "heed it. It can be changed while it trains."
            ),
            source=mark("Polyak 1964; Sutskever, Martens, Dahl and Hinton 2013"),
            live=True,
            examples="0.5, 0.9, 0.99",
        ),
    )
    patience: int = setting(
        0,
        Setting(
            label=mark("Patience"),
            short=mark("patience"),
            subject=mark("The patience"),
            kind=Whole(0, MAX_EPOCHS),
            section=OVERFITTING,
            help=mark(
                "Stops after so many epochs without a lower validation loss, with the best weights: try "
                "10, 0 is off"
            ),
            what=mark(
                "Stops the run after so many epochs without a lower validation loss, and puts the best "
                "weights back. 0 never stops."
            ),
            latex=r"\text{stop if } \min_{s > t - n} L_{val}(s) \geq \min_{s \leq t - n} L_{val}(s)",
            expect=mark(
                "Small: stops soon, perhaps too soon, for the loss wavers. Large: surer, but slower to "
                "give up."
            ),
            source=mark("the mini-batch network names it as a next step; Prechelt 1998"),
        ),
    )
    dropout: float = setting(
        0.0,
        Setting(
            label=mark("Dropout"),
            short=mark("dropout"),
            subject=mark("The dropout"),
            kind=FromZero(
                1, mark("A dropout of 1 silences every neuron, so nothing could be learned; 0.2 is usual.")
            ),
            section=OVERFITTING,
            help=mark("Silences this share of the hidden neurons in each step: try 0.2, 0 is off"),
            what=mark(
                "Silences this share of the hidden neurons in each step, chosen by chance, and makes the "
                "others stronger in turn. When the network is used, all take part."
            ),
            latex=r"a \leftarrow \frac{a \odot r}{1 - p}, \quad r \sim \text{Bernoulli}(1 - p)",
            expect=mark(
                "Up: neurons rely less on each other, and the gap between training and validation "
                "closes; too much, and a small network cannot learn. Try 0.2. 0 is off. It can be "
                "changed while it trains."
            ),
            source=mark(
                "the Kaggle notebook and the mini-batch network name it as a next step; Srivastava et "
                "al. 2014"
            ),
            live=True,
            examples="0, 0.2, 0.5",
        ),
    )
    l2: float = setting(
        0.0,
        Setting(
            label=mark("L2 penalty"),
            short=mark("l2"),
            subject=mark("The L2 penalty"),
            kind=FromZero(MAX_PENALTY),
            section=OVERFITTING,
            help=mark(
                "Pulls weights towards 0, large ones most: the gradient gains l2 × W; try 0.0001, 0 is off"
            ),
            what=mark("Pulls every weight towards 0, the more the larger it is."),
            latex=r"L + \frac{\lambda}{2} \sum W^2, \quad g \leftarrow g + \lambda W",
            expect=mark(
                "Up: smoother weight images and less learning by heart, until nothing is learned at all. "
                "Try 0.0001. 0 is off. It can be changed while it trains."
            ),
            source=mark(
                "the Kaggle notebook, L2 regularisation (its λ divided by the samples); Krogh and Hertz 1992"
            ),
            live=True,
            examples="0, 0.0001, 0.001",
        ),
    )
    l1: float = setting(
        0.0,
        Setting(
            label=mark("L1 penalty"),
            short=mark("l1"),
            subject=mark("The L1 penalty"),
            kind=FromZero(MAX_PENALTY),
            section=OVERFITTING,
            help=mark("Pulls all weights alike to 0: the gradient gains l1 × sign(W); try 0.00001, 0 is off"),
            what=mark("Pulls every weight towards 0 by the same amount, so that those of no use end there."),
            latex=r"L + \lambda \sum |W|, \quad g \leftarrow g + \lambda\, \text{sign}(W)",
            expect=mark(
                "Up: fewer weights that matter; the border of the weight images turns blank. Try "
                "0.00001. 0 is off. It can be changed while it trains."
            ),
            source=mark("Tibshirani 1996"),
            live=True,
            examples="0, 0.00001, 0.0001",
        ),
    )
    clip: float = setting(
        0.0,
        Setting(
            label=mark("Clip gradient"),
            short=mark("clip"),
            subject=mark("The length to clip gradients to"),
            kind=FromZero(MAX_CLIP),
            section=TRAINING,
            help=mark(
                "Shortens a gradient that is longer than this, against steps that leap: try 1, 0 is off"
            ),
            what=mark("Shortens a gradient that is longer than this, without turning it."),
            latex=r"g \leftarrow g \cdot \min\left(1,\ \frac{c}{\|g\|}\right)",
            expect=mark(
                "Down: no step can leap, so that a bold learning rate survives; far down every step is "
                "of the same length. Try 1. 0 is off. It can be changed while it trains."
            ),
            source=mark("Pascanu, Mikolov and Bengio 2013, algorithm 1"),
            live=True,
        ),
    )
    dtype: str = setting(
        "float32",
        Setting(
            label=mark("Numbers"),
            short=mark("numbers"),
            subject=mark("The number format"),
            kind=Choice({name: Option(name) for name in DTYPES}),
            section=NETWORK,
            help=mark("float32 is twice as fast; float64 has 16 digits instead of 7"),
            what=mark("How many digits every number has: float32 about 7, float64 about 16."),
            latex=r"\epsilon_{32} = 2^{-23}, \quad \epsilon_{64} = 2^{-52}",
            expect=mark(
                "float32 is about twice as fast and learns just as well. float64 is for checking "
                "gradients and for comparing with the documents."
            ),
            source=mark("IEEE 754; the tutorial uses NumPy's float64"),
        ),
    )
    pixels: str = setting(
        "0 to 1",
        Setting(
            label=mark("Pixels"),
            short=mark("pixels"),
            subject=mark("The range of the pixels"),
            kind=Choice(PIXELS),
            section=DATA,
            help=mark("What a white pixel is to the network: 1, or 255 as where dividing was forgotten"),
            what=mark("The number that stands for a white pixel. Divided by 255 it is 1, as it should be."),
            latex=r"x = \frac{\text{byte}}{255} \in [0, 1]",
            expect=mark(
                "From 0 to 255 the first sums are 255 times as large, and so is every gradient of the "
                "first layer: a learning rate that was right is then far too large."
            ),
            source=mark(
                "the Kaggle notebook divides, the deep network forgets to; LeCun, Bottou, Orr and Müller "
                "1998, 4.3"
            ),
        ),
    )
    softmax: str = setting(
        PER_SAMPLE,
        Setting(
            label=mark("Softmax"),
            short=mark("softmax"),
            subject=mark("The shift of softmax"),
            kind=Choice(SHIFTS),
            section=NETWORK,
            help=mark("Whose largest logit is subtracted: each sample's, or by mistake the whole batch's"),
            what=mark(
                "Which largest logit is subtracted before the exponentials, so that they do not "
                "overflow: that of each sample, which is right, or that of the whole batch."
            ),
            latex=r"a_i = \frac{e^{z_i - \max z}}{\sum_j e^{z_j - \max z}}",
            expect=mark(
                "With the whole batch's largest, samples far below it get 0 for every digit: they have "
                "no probabilities and teach nonsense."
            ),
            source=mark("the MicroNN tutorial is right; the deep network is not; Bridle 1990"),
        ),
    )
    augmentation: Augmentation = setting(
        NOT_VARIED,
        Setting(
            label=mark("Variation"),
            short=mark("augmentation"),
            subject=mark("The augmentation"),
            kind=Variation(),
            section=VARIED,
            help=mark("How far the training pictures are varied"),
            what=mark(
                "Shows each training picture a little differently in every epoch: moved, turned, bent, "
                "in another pen. Validation and test pictures stay as they are."
            ),
            latex=r"x' = \text{vary}(x), \quad y' = y",
            expect=mark(
                "Stronger: the training accuracy falls, the validation accuracy rises, and it takes more "
                "neurons and more epochs. It needs batches. It can be changed while it trains."
            ),
            source=mark("the Kaggle notebook names it as a next step; Simard, Steinkraus and Platt 2003"),
            live=True,
            aliases=("vary",),
            option="vary",
            examples="off, gentle, strong",
        ),
    )
    my_digits: str = setting(
        "",
        Setting(
            label=mark("Kept digits"),
            short=mark("kept digits"),
            subject=mark("The kept digits"),
            kind=Fingerprint(),
            section=None,
            help=mark("Which kept digits were added to the training samples"),
            what=mark("The digits that were drawn by hand, kept, and added to the training samples."),
            latex="",
            expect=mark(
                "A hand that the network has seen is read better. They are looked at once, at first."
            ),
            source=mark("our own"),
            live=True,  # a network is made with those there are; later ones wait for the next
        ),
    )


SETTINGS: dict[str, Setting] = {
    field.name: replace(field.metadata[ROW], name=field.name) for field in fields(SettingsTable)
}
"""The rows by their names, in the order of the config."""

AMOUNT_SETTINGS = {
    f"augmentation.{amount.name}": Setting(
        name=f"augmentation.{amount.name}",
        label=amount.label,
        short=amount.name,
        subject=SETTINGS["augmentation"].subject,
        kind=VariationAmount(amount),
        section=VARIED,
        help=amount.description,
        what=amount.description,
        latex=amount.latex,
        expect=amount.expect,
        source=amount.source,
        live=True,
        unit=amount.unit,
    )
    for amount in AMOUNTS.values()
}
"""The amounts that the augmentation consists of, each of which has a field and an option of its own."""

RECIPE = Explained(
    name="recipe",
    label=mark("Recipe"),
    what=mark(
        "All settings of a run at once, as a document prints them. The same recipe with the same seed gives "
        "the same numbers."
    ),
    latex="",
    expect=mark(
        "Choose one, then change what you like: the name becomes “Your own” until the settings fit again."
    ),
    source=mark("the MicroNN tutorial and all that build on it"),
)

SHOWN = {row.name: row for row in (*SETTINGS.values(), *AMOUNT_SETTINGS.values()) if row.section is not None}
"""What a person can set, part by part."""

EXPLAINED: dict[str, Explained] = {RECIPE.name: RECIPE, **SHOWN}
"""What explains itself in the window."""
