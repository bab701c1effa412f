"""Random valid fee terms, and fee policies with such terms."""

from hypothesis import strategies as st

from connect.payments.rules.money.currencies import CURRENCIES
from connect.payments.rules.money.fee_policies import OTHERS, FeePolicy, Terms

shares = st.integers(0, 10_000)


@st.composite
def terms_of(draw: st.DrawFn, currency: str) -> Terms:
    step = CURRENCIES[currency].charge_step
    some = st.integers(0, 10**6).map(lambda value: value * step)
    flat, minimum = draw(some), draw(some)
    maximum = draw(st.none() | some.map(lambda value: max(flat, minimum) + value))
    return Terms(basis_points=draw(shares), flat=flat, minimum=minimum, maximum=maximum)


@st.composite
def policies(draw: st.DrawFn, *always: str) -> FeePolicy:
    """A policy with terms for random currencies and those in `always`, and often for all other currencies."""
    codes = draw(st.sets(st.sampled_from(sorted(CURRENCIES)), max_size=4)) | set(always)
    terms = {code: draw(terms_of(code)) for code in sorted(codes)}
    if not terms or draw(st.booleans()):
        terms[OTHERS] = Terms(basis_points=draw(shares))
    return FeePolicy(terms)
