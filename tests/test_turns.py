"""Whose turn it is: fair between clients, with a lane for what runs long."""

from __future__ import annotations

import asyncio
from asyncio import Future
from collections.abc import Coroutine

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkengids.engine.turns import Turn, Turns
from wijkengids.errors import EngineBusy, TooManyQueries


def stays() -> Future[None]:
    return asyncio.get_running_loop().create_future()


async def taken(turns: Turns, client: str) -> Turn:
    turn = await turns.take(client, stays)
    assert turn is not None
    return turn


def run(test: Coroutine[None, None, None]) -> None:
    asyncio.run(asyncio.wait_for(test, 20))


def test_one_client_never_has_every_place() -> None:
    async def test() -> None:
        turns = Turns(3, 1, 4, 0.05)
        for _ in range(2):
            await taken(turns, "a")
        with pytest.raises(TooManyQueries):
            await turns.take("a", stays)
        await taken(turns, "b")
        with pytest.raises(EngineBusy):
            await turns.take("c", stays)

    run(test())


def test_where_there_is_one_place_it_goes_round() -> None:
    async def test() -> None:
        turns = Turns(1, 1, 10, 5)
        turn = await taken(turns, "a")
        order: list[str] = []

        async def wait(client: str) -> None:
            turn = await taken(turns, client)
            order.append(client)
            turns.give(turn)

        waiting = [asyncio.ensure_future(wait(client)) for client in "aaab"]
        await asyncio.sleep(0)
        turns.give(turn)
        await asyncio.gather(*waiting)
        assert order == ["a", "b", "a", "a"]

    run(test())


def test_the_queue_of_one_client_is_half_of_it() -> None:
    async def test() -> None:
        turns = Turns(1, 1, 4, 0.2)
        await taken(turns, "a")
        waiting = [asyncio.ensure_future(turns.take("a", stays)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(TooManyQueries):
            await turns.take("a", stays)
        waiting += [asyncio.ensure_future(turns.take(client, stays)) for client in "bc"]
        await asyncio.sleep(0)
        with pytest.raises(EngineBusy):
            await turns.take("d", stays)
        ends = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(end) for end in ends] == [TooManyQueries, TooManyQueries, EngineBusy, EngineBusy]
        assert turns.waiting == 0

    run(test())


def test_who_leaves_the_queue_is_not_waited_for() -> None:
    async def test() -> None:
        turns = Turns(1, 1, 4, 5)
        turn, gone = await taken(turns, "a"), stays()
        waiting = asyncio.ensure_future(turns.take("b", lambda: gone))
        await asyncio.sleep(0)
        gone.set_result(None)
        assert await waiting is None
        turns.give(turn)
        await taken(turns, "c")

    run(test())


def test_a_long_query_makes_room_once() -> None:
    async def test() -> None:
        turns = Turns(2, 2, 4, 0.05)
        first = await taken(turns, "a")
        assert turns.prolong(first)
        assert not turns.prolong(first), "it has moved already"
        second = await taken(turns, "a")
        assert not turns.prolong(second), "one client has not all of the long lane either"
        turns.give(first)
        assert turns.prolong(second)
        turns.give(second)
        assert (turns.short.free, turns.long.free) == (2, 2)

    run(test())


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["take", "give", "prolong"])), max_size=60))
def test_places_are_neither_lost_nor_made(steps: list[tuple[str, str]]) -> None:
    async def test() -> None:
        turns, held = Turns(2, 1, 4, 0), []
        for client, step in steps:
            if step == "take":
                try:
                    held.append(await taken(turns, client))
                except EngineBusy:
                    continue
            elif held and step == "give":
                turns.give(held.pop(0))
            elif held:
                turns.prolong(held[-1])
            assert turns.short.free + turns.long.free + len(held) == 3
        for turn in held:
            turns.give(turn)
        assert (turns.short.free, turns.long.free, +turns.short.held, +turns.long.held) == (2, 1, {}, {})

    run(test())
