"""The pool when starting workers fails, and when many stores are asked at once."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from tests.conftest import LIMITS
from wijkengids.engine.pool import Pool, Worker
from wijkengids.engine.pooled import PooledEngine
from wijkengids.engine.protocol import Question
from wijkengids.errors import EngineAway
from wijkengids.model.formats import RESULTS_JSON
from wijkengids.release.folder import Release


def test_all_who_wait_for_a_store_that_does_not_open_are_told() -> None:
    async def test() -> None:
        pool = Pool("/nowhere/store", LIMITS)
        leases = asyncio.gather(*(pool.lease() for _ in range(5)), return_exceptions=True)
        assert {type(end) for end in await asyncio.wait_for(leases, 15)} == {EngineAway}
        await pool.close()

    asyncio.run(test())


@pytest.mark.parametrize("error", [OSError(24, "Too many open files"), RuntimeError("can't start new thread")])
def test_what_fails_for_a_moment_does_not_fail_for_ever(
    release: Release, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    async def test() -> None:
        pool, start, left = Pool(str(release.store), LIMITS), Worker.start, [error, error]

        async def failing(*arguments: object) -> Worker:
            if left:
                raise left.pop()
            return await start(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(Worker, "start", failing)
        with pytest.raises(EngineAway):
            await asyncio.wait_for(pool.lease(), 5)
        assert (await asyncio.wait_for(pool.lease(), 10)).alive
        await pool.close()

    asyncio.run(test())


def test_a_store_whose_worker_is_waited_for_is_not_closed(release: Release, tmp_path: Path) -> None:
    stores = [shutil.copytree(release.store, tmp_path / str(n) / "store") for n in range(5)]

    async def test() -> None:
        engine = PooledEngine(LIMITS)
        engine.start(asyncio.get_running_loop())
        gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        questions = [
            Question(str(store), "ASK {}", RESULTS_JSON.name, "http://x/", client=str(store)) for store in stores
        ]
        asking = asyncio.gather(*(engine.open(question, lambda: gone) for question in questions))
        assert len(await asyncio.wait_for(asking, 15)) == 5
        await engine.broker.close()

    asyncio.run(test())
