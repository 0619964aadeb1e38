"""However what is not known turns out: an answer that was conclusive stays the answer."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from graph.ownership import (
    WHOLE,
    Network,
    Stake,
    Stakes,
    another_controller,
    beneficial_owners,
    controllers,
)
from tests.graph.ownership.drawn import Written, stakes

FIRMS, PERSONS = "ABS", "pqr"
SHARES = st.sampled_from([None, None, "5", "20", "24", "25", "30", "50", "51", "70"])


def judged(known: Stakes) -> tuple[set[str], bool, set[str], bool]:
    """Controllers and beneficial owners of S, each with whether there is no other."""
    net = Network.of(known, ("S",))
    number = net.number("S")
    controls = controllers(net, number)
    sure = not another_controller(known, net, number, str.isupper, [each.party for each in controls])
    owners = beneficial_owners(known, net, number, str.islower, str.isupper, controls)
    return (
        {net.ids[each.party] for each in controls},
        sure,
        {each.person for each in owners.found},
        owners.conclusive,
    )


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(PERSONS + FIRMS), st.sampled_from(FIRMS)).filter(lambda each: each[0] != each[1]),
        SHARES,
        max_size=9,
    ),
    st.sampled_from(["", "", "p-q", "p-A", "A-B"]),
    st.sampled_from(["", "", "A>S", "p>B"]),
    st.lists(st.integers(0, WHOLE), min_size=9, max_size=9),
    st.permutations(range(9)),
)
@settings(max_examples=400, deadline=None)
def test_no_completion_makes_an_owner_that_a_conclusive_answer_lacks(
    drawn: dict[tuple[str, str], str | None], concert: str, declared: str, parts: list[int], order: list[int]
) -> None:
    written: list[Written] = [(holder, owned, share) for (holder, owned), share in drawn.items()]
    known = stakes(*(f"{x} {share or '?'} {y}" for x, y, share in written), concert=concert, declared=declared)
    left = {firm: WHOLE - sum(each.share or 0 for each in known.stakes if each.owned == firm) for firm in FIRMS}
    if min(left.values()) < 0:
        return
    found: list[Stake] = list(known.stakes)
    for place in (each for each in order if each < len(found)):
        each = found[place]
        if each.share is None:
            share = min(parts[place], left[each.owned]) if parts[place] % 3 else left[each.owned]
            found[place] = each._replace(share=share)
            left[each.owned] -= share
    found += [Stake(f"u>{firm}", "u", firm, share) for firm, share in left.items() if share]
    before, after = judged(known), judged(replace(known, stakes=tuple(found)))
    assert before[1] is False or after[0] <= before[0]
    assert before[3] is False or after[2] <= before[2]
