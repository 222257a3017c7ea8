"""Who may run a query next: places are given to clients in turn, so that one who asks much waits for itself.

Two lanes. A query begins in the short one; when it runs long it moves to the long lane where that has room, which frees
its place for others. In each lane one client never has every place (where there is more than one), so another always
finds one soon. A client is whatever name it was given; where nobody is named, all are one.
"""

from __future__ import annotations

import asyncio
from asyncio import Future
from collections import Counter, OrderedDict, deque
from collections.abc import Callable

from wijkengids.errors import EngineBusy, TooManyQueries


class Lane:
    """A number of places, and how many each client has."""

    def __init__(self, places: int) -> None:
        self.free = places
        self.most = max(1, places - 1)
        """Places that one client may have."""
        self.held: Counter[str] = Counter()

    def has_room(self, client: str) -> bool:
        """Tell whether a client may have a place now."""
        return self.free > 0 and self.held[client] < self.most

    def take(self, client: str) -> None:
        self.free -= 1
        self.held[client] += 1

    def give(self, client: str) -> None:
        self.free += 1
        self.held[client] -= 1
        if not self.held[client]:
            del self.held[client]  # names of clients are not kept


class Turn:
    """A place in a lane, until it is given back."""

    def __init__(self, lane: Lane, client: str) -> None:
        self.lane, self.client = lane, client


class Turns:
    """Places for queries: ``places`` in the short lane, ``long`` in the long one; at most ``queue`` wait.

    Twice as many answers may lie waiting to be fetched as may be made.

    A client may have half of the queue waiting. ``patience`` is in seconds.
    """

    def __init__(self, places: int, long: int, queue: int, patience: float) -> None:
        self.short, self.long, self.fetching = Lane(places), Lane(long), Lane(2 * (places + long))
        self.queue, self.own_queue, self.patience = queue, max(1, queue // 2), patience
        self.clients: OrderedDict[str, deque[Future[None]]] = OrderedDict()
        """Who waits, the client whose turn is next first."""

    @property
    def waiting(self) -> int:
        """How many queries wait."""
        return sum(len(queue) for queue in self.clients.values())

    async def take(self, client: str, gone: Callable[[], Future[None]]) -> Turn | None:
        """Return a place for one query of a client, or None where the client has ``gone`` before its turn came.

        Raises EngineBusy or TooManyQueries where no place comes free in time.
        """
        if client not in self.clients and self.short.has_room(client):
            self.short.take(client)
            return Turn(self.short, client)
        if len(self.clients.get(client, ())) >= self.own_queue:
            raise _too_many()
        if self.waiting >= self.queue:
            raise _busy()
        return await self._wait(client, gone())

    async def _wait(self, client: str, gone: Future[None]) -> Turn | None:
        place: Future[None] = asyncio.get_running_loop().create_future()
        self.clients.setdefault(client, deque()).append(place)
        try:
            await asyncio.wait({place, gone}, timeout=self.patience, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            if place.done():
                self.give(Turn(self.short, client))
            raise
        finally:
            self._forget(client, place)
        if place.done():
            return Turn(self.short, client)
        if gone.done():
            return None
        raise _too_many() if self.short.held[client] >= self.short.most else _busy()

    def _forget(self, client: str, place: Future[None]) -> None:
        """Take a query out of the queue, if it is still in it."""
        own = self.clients.get(client, deque())
        if place in own:
            own.remove(place)
        if not own:
            self.clients.pop(client, None)

    def prolong(self, turn: Turn) -> bool:
        """Move a query to the long lane, and its place to the next; False where that lane has no room for it."""
        if turn.lane is self.long or not self.long.has_room(turn.client):
            return False
        self.long.take(turn.client)
        turn.lane.give(turn.client)
        turn.lane = self.long
        self._next()
        return True

    def fetch(self, turn: Turn) -> None:
        """Move a query that is answered, but not fetched, to where it holds up no other; if there is room."""
        if self.fetching.has_room(turn.client):
            self.fetching.take(turn.client)
            turn.lane.give(turn.client)
            turn.lane = self.fetching
            self._next()

    def give(self, turn: Turn) -> None:
        """Take a place back."""
        turn.lane.give(turn.client)
        self._next()

    def _next(self) -> None:
        """Give free places to those whose turn it is: the client that has fewest, then the first."""
        while ready := [client for client in self.clients if self.short.has_room(client)]:
            client = min(ready, key=lambda name: self.short.held[name])
            own = self.clients[client]
            place = own.popleft()
            if own:
                self.clients.move_to_end(client)
            else:
                del self.clients[client]
            self.short.take(client)
            place.set_result(None)


def _busy() -> EngineBusy:
    return EngineBusy(
        "Het is druk: alle rekenplaatsen voor vragen zijn bezet. Probeer het over enkele seconden opnieuw.",
        "It is busy: every worker for queries is taken. Try again in a few seconds.",
    )


def _too_many() -> TooManyQueries:
    return TooManyQueries(
        "U stelt meer vragen tegelijk dan hier kan. Wacht op de antwoorden, of vraag het over enkele seconden opnieuw.",
        "You ask more queries at once than can be run here. Wait for the answers, or ask again in a few seconds.",
    )
