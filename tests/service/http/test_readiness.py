"""Readiness for strangers: no details, and one look a second."""

import asyncio

import pytest

from service.contract import Part, ReadyBody
from service.http import readiness
from service.http.readiness import PublicReadiness


class Looks:
    """A look that takes a moment, counted."""

    def __init__(self) -> None:
        self.n = 0
        self.hold = asyncio.Event()
        self.hold.set()

    async def __call__(self) -> ReadyBody:
        """Return what the parts say, once it may."""
        self.n += 1
        await self.hold.wait()
        return ReadyBody(ready=self.n > 1, parts={"ledger": Part(ok=self.n > 1, detail="/srv/ledger.db is damaged")})


def test_strangers_share_one_look_and_learn_no_details(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many ask, each part is touched once a second; what it says stays inside."""

    async def story() -> None:
        looks = Looks()
        public = PublicReadiness(looks)
        looks.hold.clear()
        asking = [asyncio.create_task(public.told()) for _ in range(50)]
        await asyncio.sleep(0)
        looks.hold.set()
        told = await asyncio.gather(*asking)
        assert looks.n == 1
        assert {body.model_dump_json() for body in told} == {
            '{"ready":false,"parts":{"ledger":{"ok":false,"detail":""}}}'
        }
        monkeypatch.setattr(readiness, "_KEPT_S", 0)
        public = PublicReadiness(looks)
        assert (await public.told()).ready
        await public.told()
        assert looks.n == 3

    asyncio.run(story())


def test_one_who_goes_while_it_looks_leaves_it_to_the_next() -> None:
    """A look that is cancelled is begun anew by whoever waits."""

    async def story() -> None:
        looks = Looks()
        public = PublicReadiness(looks)
        looks.hold.clear()
        first, second = (asyncio.create_task(public.told()) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        looks.hold.set()
        assert (await second).ready
        assert looks.n == 2

    asyncio.run(story())
