"""Arithmetic written out with the actual values, as the tutorial does in its worked example.

Values are rounded for reading. Whoever adds up what is shown may then get another last digit
than the result that is shown, so the text is recomputed from its own rounded values, and says so
where they disagree.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from micronn_core.common.texts import localized, number, tr, trn
from micronn_core.explain.derivations import Derivation, Factor, Term

EXACT = 17
"""As many significant digits tell any two float64 numbers apart."""
ALIGNED = 1e-5, 1e6
"""Numbers one below the other are written with the same decimals if the largest lies between these."""


def number_text(value: float, digits: int) -> str:
    """Write a number with so many significant digits, without idle zeros: "−0.02", "1.2e−05".

    With 17 digits it is the shortest text that means exactly this number.
    """
    if value == 0:
        return "0"
    return localized(_digits(value, digits))


def aligned_texts(values: Sequence[float], digits: int) -> list[str]:
    """Write numbers one below the other with the same decimals: so many digits for the largest.

    Numbers too large or too small for that, and exact ones, are written each in its own way.
    """
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0) or 1.0
    if digits >= EXACT or not ALIGNED[0] <= largest < ALIGNED[1]:
        return [number_text(value, digits) for value in values]
    decimals = max(digits - 1 - math.floor(math.log10(largest)), min(2, digits - 2), 0)
    return [number(round(value, decimals) + 0.0, f".{decimals}f") for value in values]  # never −0


def _digits(value: float, digits: int) -> str:
    return repr(float(value)).removesuffix(".0") if digits >= EXACT else format(value, f".{digits}g")


def _rounded(value: float, digits: int) -> float:
    """Return the number that is written."""
    return float(_digits(value, digits))


class _Written(NamedTuple):
    """A piece of arithmetic: its text, and what the text's own rounded values give."""

    text: str
    value: float


def write_derivation(
    derivation: Derivation,
    label: str,
    call: Callable[[float], float] | None,
    digits: int,
    limit: int,
) -> str:
    """Write out how a number is made.

    Args:
        derivation: of the number; for a share, its terms are the exponents.
        label: name of the number.
        call: the function, for a function.
        digits: significant digits, 1 to 17.
        limit: most terms.

    Raises:
        ValueError: digits or limit is out of range.
    """
    if not 1 <= digits <= EXACT:
        raise ValueError(f"digits must be from 1 to {EXACT}, not {digits}")
    if limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit}")
    result = number_text(derivation.value, digits)
    if derivation.kind == "given":
        return f"{label} = {result}"
    if derivation.kind == "share":
        written = _share(derivation, digits, limit)
    elif call is not None:
        argument = _sum(derivation.terms, digits, limit)
        text = (
            argument.text if derivation.function == "e^" and _plain(argument.text) else f"({argument.text})"
        )
        written = _Written(f"{derivation.function}{text}", call(argument.value))
    else:
        written = _sum(derivation.terms, digits, limit)
    return f"{written.text} = {result}{_remark(written.value, derivation.value, digits)}"


def _remark(recomputed: float, value: float, digits: int) -> str:
    """What to say where the values that are shown do not give the result that is shown."""
    if number_text(recomputed, digits) == number_text(value, digits):
        return ""
    if math.isinf(recomputed):
        return " " + tr("(computed from z: the probability is too small for the number format)")
    if digits >= EXACT:
        return " " + tr("(every product and sum is itself rounded to 53 bits)")
    return " " + tr("(rounded terms; exact: {number})", number=number_text(value, EXACT))


def _sum(terms: Sequence[Term], digits: int, limit: int) -> _Written:
    if len(terms) > limit:
        ranked = sorted(terms, key=lambda term: -abs(term.value))
        shown, rest = ranked[:limit], ranked[limit:]
    else:
        shown, rest = list(terms), []
    text, values = "", []
    for term in shown:
        negative, factors = _without_sign(term)
        product = _product(factors, digits)
        bare = _plain(product.text) or (not text and not negative and (len(factors) == 1 or len(terms) == 1))
        sign = " − " if negative else " + "
        text += (sign if text else sign.strip() if negative else "") + (
            product.text if bare else f"({product.text})"
        )
        values.append(-product.value if negative else product.value)
    if rest:
        together = math.fsum(term.value for term in rest)
        text += " + " + trn(
            "… {count} smaller term ({sum})",
            "… {count} smaller terms (together {sum})",
            len(rest),
            sum=number_text(together, digits),
        )
        values.append(_rounded(together, digits))
    return _Written(text, math.fsum(values))


def _without_sign(term: Term) -> tuple[bool, list[Factor]]:
    """Take the constant -1 or -α out of a term: "0.4 − (0.1 × −0.07)" reads better."""
    first, *others = term.factors
    if first.number is not None or first.value >= 0:
        return False, [first, *others]
    return True, others if first.value == -1 else [first._replace(value=-first.value), *others]


def _product(factors: Sequence[Factor], digits: int) -> _Written:
    text = " × ".join(number_text(factor.value, digits) for factor in factors)
    return _Written(text, math.prod(_rounded(factor.value, digits) for factor in factors))


def _plain(text: str) -> bool:
    """Whether a text needs no brackets: it is one number and has no sign."""
    return " " not in text and not text.startswith("−")


def _share(derivation: Derivation, digits: int, limit: int) -> _Written:
    """Write e^z / (e^z + e^z + ...), computed without overflow."""
    own = derivation.number.row
    exponents = [number_text(term.value, digits) for term in derivation.terms]
    powers = [f"e^{text}" if _plain(text) else f"e^({text})" for text in exponents]
    order = list(range(len(exponents)))
    if len(exponents) > limit:
        order = sorted(order, key=lambda k: -derivation.terms[k].value)[:limit]
    values = [_rounded(term.value, digits) for term in derivation.terms]
    total = math.fsum(math.exp(value - max(values)) for value in values)
    below = " + ".join(powers[k] for k in order)
    if len(exponents) > limit:
        rest = len(exponents) - limit
        below += " + " + trn("… {count} smaller term", "… {count} smaller terms", rest)
    return _Written(f"{powers[own]} / ({below})", math.exp(values[own] - max(values)) / total)
