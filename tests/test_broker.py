"""What the broker gives back, whenever a client leaves or a worker ends."""

from __future__ import annotations

import asyncio
from asyncio import Future

import pytest

from tests.conftest import LIMITS
from wijkengids.engine.pooled import Hearing, PooledEngine
from wijkengids.engine.protocol import Question
from wijkengids.model.formats import RESULTS_CSV
from wijkengids.release.folder import Release


def test_who_leaves_a_full_answer_at_once_gives_everything_back(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer is more than may wait before anyone looks after the query, and nobody reads it."""
    monkeypatch.setattr("wijkengids.engine.pooled.AHEAD", 1)

    async def test() -> None:
        engine = PooledEngine(LIMITS)
        engine.start(asyncio.get_running_loop())
        gone: Future[None] = asyncio.get_running_loop().create_future()
        many = f'SELECT ("{"x" * 1000}" AS ?x) {{ ?a ?b ?c }} LIMIT 3000'
        found = await engine.open(Question(str(release.store), many, RESULTS_CSV.name, "http://x/"), lambda: gone)
        assert isinstance(found, Hearing)
        await asyncio.sleep(0.3)
        gone.set_result(None)
        await asyncio.wait_for(asyncio.gather(*engine.broker.rests), 2)
        turns = engine.broker.turns
        assert (turns.short.free, turns.long.free) == (LIMITS.workers, LIMITS.long)
        await engine.broker.close()

    asyncio.run(test())
