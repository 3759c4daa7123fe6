"""Lines of tables that count the same things in two ways: what can be told of those that are not shown. Pure.

Each item (a service) belongs to one row (its region) and one column (its need). Published are the total, and
what is shown of items, rows and columns. What a hidden line may be, given all of that, is exact: items are
edges between rows and columns of a network whose circulations are the counts that agree with what is shown,
and a maximum flow tells how much an edge can gain or lose (Gusfield, *A graph theoretic approach to
statistical data security*, SIAM J. Comput. 17, 1988; Edmonds and Karp, 1972). Where too much could be told,
the cheapest circle through the line is hidden with it.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush

from community.core.disclosure import SMALLEST

Line = tuple[str, str]  # ("item", key), ("row", name), ("column", name), or TOTAL
Node = tuple[str, str]
Counts = Mapping[str, int]  # by item
TOTAL: Line = ("total", "")
_FROM: Node = ("from", "")
_INTO: Node = ("into", "")


@dataclass(frozen=True)
class Item:
    """A thing that is counted, with the row and the column it belongs to."""

    key: str
    row: str
    column: str


@dataclass(frozen=True)
class _Edge:
    """A line as an edge: a row takes from the total, an item leads from its row to its column."""

    line: Line
    start: Node
    end: Node
    count: int


def lines(items: Iterable[Item]) -> list[Line]:
    """Every line of the tables of these items but the total."""
    found: dict[Line, None] = {}
    for one in items:
        found |= dict.fromkeys((("row", one.row), ("column", one.column), ("item", one.key)))
    return list(found)


def sums(items: Iterable[Item], counts: Counts) -> dict[Line, int]:
    """The count of each line, and of the total."""
    found: dict[Line, int] = defaultdict(int)
    for one in items:
        for line in (("item", one.key), ("row", one.row), ("column", one.column), TOTAL):
            found[line] += counts[one.key]
    return dict(found)


def bounds(items: Sequence[Item], counts: Counts, hidden: Collection[Line]) -> dict[Line, tuple[int, int]]:
    """Per hidden line the least and the greatest count that agrees with the total and all that is shown."""
    network = _Network.of(items, counts, hidden)
    return {edge.line: network.span(edge) for edge in network.edges.values() if edge.line in network.hidden}


def hide(
    items: Sequence[Item], measures: Sequence[Counts], *, smallest: int = SMALLEST, width: int | None = None
) -> frozenset[Line]:
    """Which lines must stay hidden so that nobody finds a small count from the rest.

    A line is shown with all its measures or not at all. Hidden is every line with a count below ``smallest``,
    0 included; then others, until each small count may be anything within ``width`` (by default ``smallest``)
    and no hidden one is known exactly. Who finds the sum of a few items finds each of them within that sum:
    so no sum or difference of what is shown isolates a small group either. Where hiding every line is not
    enough, the total is hidden with them.

    :param measures: counts of each item, of which none is negative; each is published with its total.
    """
    span = smallest if width is None else width
    summed = [sums(items, counts) for counts in measures]
    every = frozenset((*lines(items), TOTAL))
    if not items or any(one[TOTAL] < smallest for one in summed):
        return every
    hidden = {line for one in summed for line, count in one.items() if count < smallest}
    waiting, costs = deque(sorted(hidden)), _costs(summed)
    networks = [_Network.of(items, counts, hidden) for counts in measures]
    # What is hidden later only widens what a line may be: each is looked at until it is safe, once.
    while waiting:
        line = waiting[0]
        told = next((one for one in (_told(net, line, smallest, span) for net in networks) if one), None)
        if told is None:
            waiting.popleft()
            continue
        more = told.cheapest_circle(costs)
        if not more:
            return every
        waiting.extend(sorted(more))
        for network in networks:
            network.also_hide(more)
        hidden |= more
    return frozenset(hidden)


def _told(network: _Network, line: Line, smallest: int, span: int) -> _Told | None:
    """The line, when too much can be told of it."""
    edge = network.edges[line]
    wanted = span if edge.count < smallest else 1
    return None if network.moves(edge, wanted) else _Told(network, edge, wanted)


def _costs(summed: Sequence[Mapping[Line, int]]) -> dict[Line, int]:
    return {line: sum(one[line] for one in summed) for line in summed[0]}


@dataclass(frozen=True)
class _Told:
    """A hidden line of which too much can be told, in the network of one measure."""

    network: _Network
    edge: _Edge
    wanted: int  # how wide it must be

    def cheapest_circle(self, costs: Mapping[Line, int]) -> set[Line]:
        """The lines that cost least to hide among those that let it move further; none when nothing does."""
        low, high = self.network.span(self.edge)
        up = self.network.way(self.edge, self.edge.end, self.edge.start, costs)
        down = self.network.way(self.edge, self.edge.start, self.edge.end, costs) if low else None
        if up is None or down is None:
            return up or down or set()
        # Downwards is no way out where even 0 is not far enough from the greatest count.
        cheaper = high >= self.wanted and _cost(down, costs) < _cost(up, costs)
        return down if cheaper else up


def _cost(way: Iterable[Line], costs: Mapping[Line, int]) -> int:
    return sum(costs[line] for line in way)


@dataclass
class _Network:
    """Rows, columns, and the edges that the lines are; the total is known."""

    edges: dict[Line, _Edge]
    hidden: frozenset[Line]
    most: int
    _spans: dict[object, tuple[int, int]] = field(default_factory=dict)
    _between: dict[tuple[Node, Node], tuple[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, items: Sequence[Item], counts: Counts, hidden: Collection[Line]) -> _Network:
        """The network of these items in one measure."""
        summed = sums(items, counts)
        edges: dict[Line, _Edge] = {}
        for one in items:
            row, column = ("row", one.row), ("column", one.column)
            edges[row] = _Edge(row, _FROM, row, summed[row])
            edges[column] = _Edge(column, column, _INTO, summed[column])
            item = ("item", one.key)
            edges[item] = _Edge(item, row, column, counts[one.key])
        found = cls(edges, frozenset(), summed.get(TOTAL, 0))
        found.also_hide(frozenset(hidden) - {TOTAL})
        return found

    def also_hide(self, more: Collection[Line]) -> None:
        """Hide these lines, too. Kept is how many lead from a node to another, and what they count."""
        for line in frozenset(more) - self.hidden:
            edge = self.edges[line]
            number, count = self._between.get((edge.start, edge.end), (0, 0))
            self._between[edge.start, edge.end] = number + 1, count + edge.count
        self.hidden |= frozenset(more)
        self._spans.clear()

    def moves(self, edge: _Edge, wanted: int) -> bool:
        """Whether a hidden line may be any of so many counts and one more."""
        up = self._flow(self._residual(edge), edge.end, edge.start, wanted)
        left = min(wanted - up, edge.count)
        return up + self._flow(self._residual(edge), edge.start, edge.end, left) >= wanted

    def span(self, edge: _Edge) -> tuple[int, int]:
        """The least and the greatest count of a hidden line. Equal items of one place are told alike."""
        known = (edge.start, edge.end, edge.count)
        if known not in self._spans:
            up = self._flow(self._residual(edge), edge.end, edge.start, self.most)
            down = self._flow(self._residual(edge), edge.start, edge.end, edge.count)
            self._spans[known] = (edge.count - down, edge.count + up)
        return self._spans[known]

    def _residual(self, without: _Edge) -> dict[Node, dict[Node, int]]:
        """How much may be moved from node to node over the other hidden lines: any more, or what there is."""
        left: dict[Node, dict[Node, int]] = defaultdict(lambda: defaultdict(int))
        for (start, end), (number, count) in self._between.items():
            own = (start, end) == (without.start, without.end)
            if number > own:
                left[start][end] = self.most
                left[end][start] = count - (without.count if own else 0)
        return left

    @staticmethod
    def _flow(left: dict[Node, dict[Node, int]], start: Node, end: Node, most: int) -> int:
        """A maximum flow by shortest ways, at most ``most``; ``left`` is what remains afterwards."""
        flowed = 0
        while flowed < most and (way := _way(left, start, end)):
            step = min(most - flowed, *(left[one][other] for one, other in way))
            for one, other in way:
                left[one][other] -= step
                left[other][one] += step
            flowed += step
        return flowed

    def way(self, edge: _Edge, start: Node, end: Node, costs: Mapping[Line, int]) -> set[Line] | None:
        """The shown lines on the cheapest way from start to end that the hidden ones do not give already."""
        left = self._residual(edge)
        self._flow(left, start, end, self.most)
        steps: dict[Node, list[tuple[int, Node, Line | None]]] = defaultdict(list)
        for one, others in left.items():
            steps[one].extend((0, other, None) for other, most in others.items() if most)
        for line, shown in self.edges.items():
            if line not in self.hidden:
                steps[shown.start].append((costs[line], shown.end, line))
                steps[shown.end].append((costs[line], shown.start, line))
        return _cheapest(steps, start, end)


def _way(left: Mapping[Node, Mapping[Node, int]], start: Node, end: Node) -> list[tuple[Node, Node]]:
    came: dict[Node, Node] = {start: start}
    waiting = deque([start])
    while waiting and end not in came:
        node = waiting.popleft()
        for other, most in left.get(node, {}).items():
            if most and other not in came:
                came[other] = node
                waiting.append(other)
    if end not in came:
        return []
    steps = []
    while end != start:
        steps.append((came[end], end))
        end = came[end]
    return steps[::-1]


def _cheapest(
    steps: Mapping[Node, Sequence[tuple[int, Node, Line | None]]], start: Node, end: Node
) -> set[Line] | None:
    """Dijkstra's way, and the lines it takes."""
    waiting: list[tuple[int, Node, tuple[Line, ...]]] = [(0, start, ())]
    done: set[Node] = set()
    while waiting:
        cost, node, taken = heappop(waiting)
        if node == end:
            return set(taken)
        if node in done:
            continue
        done.add(node)
        for more, other, line in steps.get(node, ()):
            if other not in done:
                heappush(waiting, (cost + more, other, taken if line is None else (*taken, line)))
    return None
