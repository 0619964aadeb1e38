"""Circular holdings: parties that hold one another through however many hands.

It must not weigh shares: a ring is a ring at any share.
"""

from __future__ import annotations

from collections.abc import Sequence

from graph.ownership.network import Network

Ring = tuple[int, ...]


def components(successors: Sequence[Sequence[int]]) -> list[list[int]]:
    """Strongly connected ones, each after all that it leads to (Tarjan, without calling itself)."""
    index: list[int] = [-1] * len(successors)
    low = [0] * len(successors)
    on_stack = [False] * len(successors)
    stack: list[int] = []
    found: list[list[int]] = []
    count = 0
    for root in range(len(successors)):
        if index[root] >= 0:
            continue
        work = [(root, 0)]
        while work:
            node, position = work.pop()
            if position == 0:
                index[node] = low[node] = count
                count += 1
                stack.append(node)
                on_stack[node] = True
            after = successors[node]
            while position < len(after):
                far = after[position]
                position += 1
                if index[far] < 0:
                    if not successors[far]:  # most of what a hub holds
                        index[far] = count
                        count += 1
                        found.append([far])
                        continue
                    work += [(node, position), (far, 0)]
                    break
                if on_stack[far]:
                    low[node] = min(low[node], index[far])
            else:
                if low[node] == index[node]:
                    component: list[int] = []
                    while True:
                        each = stack.pop()
                        on_stack[each] = False
                        component.append(each)
                        if each == node:
                            break
                    found.append(component)
                if work:
                    above = work[-1][0]
                    low[above] = min(low[above], low[node])
    return found


def rings(network: Network) -> list[Ring]:
    """Each with its members in the order of a shortest ring through the first of them, the others after it."""
    successors = [[far for far, _ in held] for held in network.shares]
    found = [_walked(successors, sorted(each)) for each in components(successors) if len(each) > 1]
    return sorted(found)


def _walked(successors: list[list[int]], members: list[int]) -> Ring:
    first, inside = members[0], set(members)
    before: dict[int, int] = {}
    level = [first]
    while first not in before:
        following: list[int] = []
        for node in level:
            for far in sorted(set(successors[node]) & inside):
                if far not in before:
                    before[far] = node
                    following.append(far)
        level = following
    ring = [first]
    node = before[first]
    while node != first:
        ring.append(node)
        node = before[node]
    ring[1:] = reversed(ring[1:])
    return (*ring, *(each for each in members if each not in ring))
