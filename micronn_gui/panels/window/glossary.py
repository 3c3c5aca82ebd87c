"""The program's words, each explained to somebody who has never heard it: a row a word."""

from __future__ import annotations

from typing import NamedTuple

from micronn_core.common.texts import mark


class Term(NamedTuple):
    """A word and what it means.

    Attributes:
        name: the word, to be translated.
        meaning: two plain sentences, to be translated.
    """

    name: str
    meaning: str


TERMS = (
    Term(
        mark("Accuracy"),
        mark(
            "The share of pictures for which the network gives the right answer. 85 % means: of 100 pictures "
            "it reads 85 correctly."
        ),
    ),
    Term(
        mark("Activation"),
        mark(
            "How strongly a neuron answers to a picture. A rule called the activation function makes it from "
            "the sum of all that comes in; ReLU, for example, lets only what is above zero pass."
        ),
    ),
    Term(
        mark("Augmentation"),
        mark(
            "Showing each picture a little shifted, turned or bent every time, so that there seem to be more "
            "of them. The network then cannot learn single pictures by heart."
        ),
    ),
    Term(
        mark("Backward pass"),
        mark(
            "Going from the mistake back to the input, to find out how much each weight had to do with it. "
            "This is how the network knows which way to change each weight."
        ),
    ),
    Term(
        mark("Batch"),
        mark(
            "The pictures that the network looks at before it changes its weights once. A small batch means "
            "many quick steps that zigzag, a large one means few steps that go straight."
        ),
    ),
    Term(
        mark("Bias"),
        mark(
            "A number that each neuron adds to its sum, whatever the picture shows. It decides how easily "
            "the neuron answers at all."
        ),
    ),
    Term(
        mark("Class"),
        mark(
            "One of the answers that the network can choose from. For handwritten digits there are ten: 0 to "
            "9."
        ),
    ),
    Term(
        mark("Cross-validation"),
        mark(
            "Training several times, each time with another part of the pictures kept back for the test. It "
            "shows how much of a good result was luck."
        ),
    ),
    Term(
        mark("Data set"),
        mark(
            "The collection of pictures or tables, each with its right answer, from which the network "
            "learns. MNIST is a famous one: 70,000 digits written by hand."
        ),
    ),
    Term(
        mark("Dead neuron"),
        mark(
            "A neuron that answers zero to every picture, so that it neither helps nor learns any more. It "
            "happens when a step was too large, often with a high learning rate."
        ),
    ),
    Term(
        mark("Dropout"),
        mark(
            "Switching off some neurons by chance in each step of training. The others must then manage "
            "without them, so the network does not rely on single ones."
        ),
    ),
    Term(
        mark("Early stopping"),
        mark(
            "Ending the training when the network gets no better on pictures that it has never learned from. "
            "What it would learn after that is mostly learned by heart."
        ),
    ),
    Term(
        mark("Epoch"),
        mark(
            "One round in which the network has seen every training picture once. Learning takes many "
            "rounds, as with words of a foreign language."
        ),
    ),
    Term(
        mark("Forward pass"),
        mark(
            "The way of a picture through the network, from its pixels to the answer. Nothing is learned in "
            "it; it is only computed what the network thinks now."
        ),
    ),
    Term(
        mark("Gradient"),
        mark(
            "It says for each weight in which direction the mistake grows, and how steeply. Learning is "
            "taking a small step the other way, downhill."
        ),
    ),
    Term(
        mark("Hidden layer"),
        mark(
            "The neurons between the picture and the answer. Each of them learns to look for something of "
            "its own, such as a stroke at the top."
        ),
    ),
    Term(
        mark("Initialization"),
        mark(
            "The small random numbers that the weights begin with. If all were equal, all neurons would "
            "learn the same."
        ),
    ),
    Term(
        mark("Input"),
        mark(
            "What the network is given: for a digit the brightness of its 28 times 28 pixels. They are "
            "called x in formulas."
        ),
    ),
    Term(
        mark("Label"),
        mark(
            "The right answer that belongs to a picture, told by a person. The network learns by comparing "
            "its own answer with it."
        ),
    ),
    Term(
        mark("Layer"),
        mark(
            "Neurons side by side that all look at the same numbers. The answers of one layer are what the "
            "next one looks at."
        ),
    ),
    Term(
        mark("Learning rate"),
        mark(
            "How large a step the weights take each time. Too small and learning takes for ever, too large "
            "and it jumps past the goal and gets worse."
        ),
    ),
    Term(
        mark("Logit"),
        mark(
            "The points that each answer has collected before they are turned into probabilities. They may "
            "be negative, and the answer with the most points wins."
        ),
    ),
    Term(
        mark("Loss"),
        mark(
            "A number for how wrong the network is: 0 would be perfect. It also counts how sure the network "
            "was, so a confident mistake costs most."
        ),
    ),
    Term(
        mark("Momentum"),
        mark(
            "Keeping some of the speed of the steps before, like a ball that rolls downhill. Learning then "
            "gets through flat parts faster."
        ),
    ),
    Term(
        mark("Neuron"),
        mark(
            "A tiny calculator: it multiplies each pixel by a weight, adds everything up, and passes a "
            "number on. Alone it knows little; together they read digits."
        ),
    ),
    Term(
        mark("Optimizer"),
        mark(
            "The rule by which gradients become steps of the weights. The plain one walks straight downhill, "
            "others such as Adam choose a step of its own for each weight."
        ),
    ),
    Term(
        mark("Overfitting"),
        mark(
            "Learning the training pictures by heart instead of what they have in common. You see it when "
            "training gets better while the unseen pictures get worse."
        ),
    ),
    Term(
        mark("Parameter"),
        mark(
            "A number that the network itself learns: a weight or a bias. What you choose, such as the "
            "learning rate, is a setting."
        ),
    ),
    Term(
        mark("Probability"),
        mark(
            "How likely an answer is in the eyes of the network, from 0 to 1; all of them together make 1. A "
            "high one is not a promise: it can be sure and wrong."
        ),
    ),
    Term(
        mark("Recipe"),
        mark(
            "All settings of a training together: how many neurons, how fast, how long. The same recipe with "
            "the same seed gives the same network again."
        ),
    ),
    Term(
        mark("Regularization"),
        mark(
            "A penalty for large weights, added to the loss. It keeps the network simple, which helps it "
            "with pictures that it has not seen."
        ),
    ),
    Term(
        mark("Run"),
        mark(
            "One training from its beginning to where it was stopped, with its recipe and its curves. Every "
            "run is kept, so that you can compare runs and go back to one."
        ),
    ),
    Term(
        mark("Sample"),
        mark(
            "One example from the data: a single picture, or a row of a table. Its right answer, the label, "
            "belongs to it."
        ),
    ),
    Term(
        mark("Saturated neuron"),
        mark(
            "A neuron that is always at the end of its scale, whatever it sees. Its gradient is then almost "
            "zero, so it hardly learns."
        ),
    ),
    Term(
        mark("Seed"),
        mark(
            "A number that all chance in the program begins from. The same seed gives the same first weights "
            "and the same order of pictures, so a run can be repeated exactly."
        ),
    ),
    Term(
        mark("Softmax"),
        mark(
            "The last step, which turns the points of all answers into probabilities that add up to 1. The "
            "answer that is ahead gains, the others lose."
        ),
    ),
    Term(
        mark("Step"),
        mark(
            "One change of all weights, after one batch has been looked at. An epoch consists of as many "
            "steps as there are batches."
        ),
    ),
    Term(
        mark("Sweep"),
        mark(
            "Trying several values of a setting one after the other and comparing the results. It is how one "
            "finds a good learning rate."
        ),
    ),
    Term(
        mark("Training data"),
        mark(
            "The pictures that the network learns from. How well it reads them says little, for it has seen "
            "them many times."
        ),
    ),
    Term(
        mark("Validation data"),
        mark(
            "Pictures that are kept back: the network is tested with them, but never learns from them. Only "
            "here you see whether it has understood something."
        ),
    ),
    Term(
        mark("Weight"),
        mark(
            "A number that says how much a pixel counts for a neuron: blue speaks for it, orange against it. "
            "Learning means changing these numbers a little, again and again."
        ),
    ),
)
"""In the order of English; a dialog sorts them in its own language."""
