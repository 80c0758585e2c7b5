"""Closing, 3, last sentence: which whole_only line is taken out next, without sharing out anew for each.

The lines that compete for a quantity are sorted once. After that a release changes only the numbers per size of wish,
or the place in the queue up to which units are served. What lines get is exactly what `sharing` gives them.
"""

from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from fractions import Fraction
from heapq import heappop, heappush, merge
from itertools import islice
from typing import NamedTuple, Protocol

from marketplace.rules.clearing.sharing import full_level
from marketplace.rules.clearing.terms import Line, ShortageRule


class Rival(NamedTuple):
    """A line that competes: its rank by hash, its rank among whole_only lines with the same part, its number."""

    tie: int
    release: int
    number: int
    line: Line


class Contest(Protocol):
    """Lines that share what is too little for them."""

    def remove(self, rival: Rival) -> None:
        """Take a line out."""

    def victim(self, quantity: int) -> Rival | None:
        """The whole_only line that is released next when those left share `quantity`, less than they want."""


def rivals_of(lines: Sequence[Line], ties: Sequence[bytes]) -> list[Rival]:
    """The lines with their ranks: by hash; and for the release the latest placed, then the smaller hash."""
    by_tie = sorted(range(len(lines)), key=ties.__getitem__)
    by_release = sorted(by_tie, key=lambda index: lines[index].placed_at, reverse=True)
    releases = {index: release for release, index in enumerate(by_release)}
    return [Rival(tie, releases[index], index, lines[index]) for tie, index in enumerate(by_tie)]


def contest(rule: ShortageRule, rivals: Iterable[Rival]) -> Contest:
    """The contest of some lines (in the order of their hashes) by a rule."""
    if rule is ShortageRule.FIRST_COME:
        return _Queue(rivals)
    return _Turns(rivals) if rule is ShortageRule.MAX_MIN else _Proportions(rivals)


class _Size:
    """The lines that want the same number of units: their hash ranks, and the whole_only ones by release."""

    def __init__(self) -> None:
        self.ties: list[int] = []
        self.whole: list[tuple[int, int, Rival]] = []

    def candidates(self, least: int, firm: int, bar: int) -> Iterator[tuple[int, Rival]]:
        """Who is released first among those who get `least`, and among those whose rank below `bar` gets one more."""
        if 0 < least < firm:
            yield from islice(((least, rival) for _release, tie, rival in self.whole if tie >= bar), 1)
        if 0 < least + 1 < firm and bar:
            yield from islice(((least + 1, rival) for _release, tie, rival in self.whole if tie < bar), 1)


class _Sizes(ABC):
    """A contest in which lines of the same size get the same, or one more by their hashes."""

    def __init__(self, rivals: Iterable[Rival]) -> None:
        self.sizes: dict[int, _Size] = {}
        self.beyond = 0  # a rank above all
        for rival in rivals:
            size = self.sizes.setdefault(rival.line.firm, _Size())
            size.ties.append(rival.tie)
            self.beyond = rival.tie + 1
            if rival.line.whole_only:
                size.whole.append((rival.release, rival.tie, rival))
        for size in self.sizes.values():
            size.whole.sort()

    def remove(self, rival: Rival) -> None:
        """Take a line out."""
        size = self.sizes[rival.line.firm]
        del size.ties[bisect_left(size.ties, rival.tie)]
        if rival.line.whole_only:
            del size.whole[bisect_left(size.whole, (rival.release, rival.tie, rival))]

    def victim(self, quantity: int) -> Rival | None:
        """The whole_only line with the smallest part."""
        worst: tuple[int, int, Rival] | None = None
        for firm, least, bar in self.parts(quantity):
            for got, rival in self.sizes[firm].candidates(least, firm, bar):
                if worst is not None:
                    mine, its = got * worst[1], worst[0] * firm
                    if mine > its or (mine == its and rival.release > worst[2].release):
                        continue
                worst = got, firm, rival
        return None if worst is None else worst[2]

    @abstractmethod
    def parts(self, quantity: int) -> Iterator[tuple[int, int, int]]:
        """Per size: what each line gets at least, and the hash rank below which it gets one more."""

    def bar(self, firms: Sequence[int], more: int) -> int:
        """The hash rank below which `more` lines of these sizes are; the sizes together have more of them."""
        if len(firms) == 1:
            return self.sizes[firms[0]].ties[more]
        return next(islice(merge(*(self.sizes[firm].ties for firm in firms)), more, None))


class _Turns(_Sizes):
    """`sharing.by_turns`: filled up to a level; those above it get what is left of the next layer by hash."""

    def __init__(self, rivals: Iterable[Rival]) -> None:
        super().__init__(rivals)
        self.level, self.above = -1, list[int]()

    def remove(self, rival: Rival) -> None:
        """Take a line out."""
        super().remove(rival)
        if rival.line.firm > self.level >= 0:
            del self.above[bisect_left(self.above, rival.tie)]

    def parts(self, quantity: int) -> Iterator[tuple[int, int, int]]:
        """Sizes up to the level are full and not named."""
        counts = {firm: len(size.ties) for firm, size in self.sizes.items()}
        level = full_level(quantity, {0: sum(counts.values())} | {firm: -count for firm, count in counts.items()})
        if level != self.level:
            self.level = level
            self.above = sorted(tie for firm, size in self.sizes.items() if firm > level for tie in size.ties)
        left = quantity - sum(min(firm, level) * count for firm, count in counts.items())
        bar = self.above[left] if left else 0
        for firm in self.sizes:
            if firm > level:
                yield firm, level, bar


class _Proportions(_Sizes):
    """`sharing.proportionally`: whole parts, then one more by the largest remainders, then by hash."""

    def parts(self, quantity: int) -> Iterator[tuple[int, int, int]]:
        """All sizes that are still there."""
        counts = {firm: len(size.ties) for firm, size in self.sizes.items() if size.ties}
        total = sum(firm * count for firm, count in counts.items())
        left = quantity - sum(firm * quantity // total * count for firm, count in counts.items())
        by_remainder: dict[int, list[int]] = {}
        for firm in counts:
            by_remainder.setdefault(firm * quantity % total, []).append(firm)
        for remainder in sorted(by_remainder, reverse=True):
            firms = by_remainder[remainder]
            there = sum(counts[firm] for firm in firms)
            bar = self.beyond if there <= left else self.bar(firms, left) if left else 0
            left = max(0, left - there)
            for firm in firms:
                yield firm, firm * quantity // total, bar


class _Queue:
    """`sharing.first_come`: the units in the order of their times, then of the hashes."""

    def __init__(self, rivals: Iterable[Rival]) -> None:
        parts = []
        for rival in rivals:
            line = rival.line
            parts += [(raised.at, rival.tie, raised.by, rival) for raised in line.raised]
            first = line.firm - sum(raised.by for raised in line.raised)
            parts.append((line.placed_at, rival.tie, first, rival))
        parts.sort(key=lambda part: part[:2])
        self.queue = [(units, rival) for _at, _tie, units, rival in parts]
        self.got: dict[int, int] = {rival.number: 0 for _units, rival in self.queue}
        self.place = self.served = 0  # the parts before `place` are served, `served` units in all
        self.parted: list[tuple[Fraction, int, int, Rival]] = []

    def remove(self, rival: Rival) -> None:
        """Take a line out: its parts stay in the queue, and count no more."""
        self.served -= self.got.pop(rival.number)

    def victim(self, quantity: int) -> Rival | None:
        """The whole_only line with the smallest part: one of those served in part, or the one at the edge."""
        self._serve(quantity)
        edge = self.queue[self.place][1] if self.place < len(self.queue) and quantity > self.served else None
        worst: tuple[Fraction, int, int, Rival] | None = None
        if edge is not None and edge.line.whole_only:
            got = self.got[edge.number] + quantity - self.served
            worst = Fraction(got, edge.line.firm), edge.release, got, edge
        passed = []
        while self.parted:
            _part, _release, got, rival = self.parted[0]
            if self.got.get(rival.number) != got:
                heappop(self.parted)
            elif rival is edge:  # noted with what it got without the units at the edge; true again when the edge moves
                passed.append(heappop(self.parted))
            else:
                worst = self.parted[0] if worst is None else min(worst, self.parted[0])
                break
        for note in passed[:1]:
            heappush(self.parted, note)
        return None if worst is None else worst[3]

    def _serve(self, quantity: int) -> None:
        """Move the place to the first part that `quantity` does not serve in full."""
        while self.served > quantity:
            self.place -= 1
            self._count(-1)
        while self.place < len(self.queue):
            units, rival = self.queue[self.place]
            if rival.number in self.got:
                if self.served + units > quantity:
                    break
                self._count(1)
            self.place += 1

    def _count(self, sign: int) -> None:
        """Serve the part at the place, or take it back; note a whole_only line that has a part then."""
        units, rival = self.queue[self.place]
        if rival.number not in self.got:
            return
        self.served += sign * units
        got = self.got[rival.number] = self.got[rival.number] + sign * units
        if rival.line.whole_only and 0 < got < rival.line.firm:
            heappush(self.parted, (Fraction(got, rival.line.firm), rival.release, got, rival))


class Rivalry:
    """All lines of an offer and their contests, made when first asked for and kept up to date with the releases."""

    def __init__(self, lines: Sequence[Line], ties: Sequence[bytes]) -> None:
        self.rivals = rivals_of(lines, ties)
        self.gone: list[Rival] = []
        self.contests: dict[Hashable, tuple[Contest, int]] = {}

    def victim(self, key: Hashable, rule: ShortageRule, quantity: int, belongs: Callable[[Line], bool]) -> Rival | None:
        """The next to be released among the lines that belong; `key` names the rule and what `belongs` selects."""
        if key not in self.contests:
            gone = {rival.number for rival in self.gone}
            there = [rival for rival in self.rivals if rival.number not in gone and belongs(rival.line)]
            self.contests[key] = contest(rule, there), len(self.gone)
        found, known = self.contests[key]
        for rival in self.gone[known:]:
            if belongs(rival.line):
                found.remove(rival)
        self.contests[key] = found, len(self.gone)
        return found.victim(quantity)
