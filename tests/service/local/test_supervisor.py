import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from service.local import supervisor
from service.local.config import Endpoint, LocalConfig, Pace
from service.local.errors import LocalModelBackoffError, LocalModelError, LocalModelStartError
from service.local.fake_child import ANSWER
from service.local.supervisor import LocalServer, State

pytestmark = pytest.mark.slow

FAKE = "service.local.fake_child"
CONFIG = LocalConfig(Path("fake.gguf"), threads=1, start_timeout_s=20)


def serve(*, config: LocalConfig = CONFIG, pace: Pace | None = None, **options: int) -> LocalServer:
    """Make a server whose child is the fake, with these faults."""
    return LocalServer(config, module=FAKE, options=options, pace=pace)


def run(server: LocalServer, story: Callable[[], Awaitable[None]]) -> None:
    """Run a story, stop the server, and see that no task is left."""

    async def told() -> None:
        try:
            await story()
        finally:
            await server.stop()
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(told())


async def ask(endpoint: Endpoint, *, key: str | None = None) -> httpx.Response:
    """Ask the child for a completion."""
    headers = {"Authorization": f"Bearer {endpoint.api_key if key is None else key}"}
    body = {"messages": [{"role": "user", "content": "?"}]}
    async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
        return await client.post(f"{endpoint.base_url}/chat/completions", json=body, headers=headers)


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something that the server does by itself."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - the server has no event for it
            await asyncio.sleep(0.01)


def is_gone(pid: int) -> bool:
    """Return whether there is no such process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def slay(server: LocalServer) -> int:
    """Kill the child by hand and return its number."""
    assert server.pid is not None
    pid = server.pid
    os.kill(pid, signal.SIGKILL)
    return pid


def command_line(server: LocalServer) -> str:
    """Return what every user of the machine can see of the child; empty where there is no /proc."""
    shown = Path(f"/proc/{server.pid}/cmdline")
    return shown.read_text() if shown.exists() else ""


@contextmanager
def no_open_files() -> Iterator[None]:
    """See that no file is open afterwards that was not before."""
    before = set(os.listdir("/proc/self/fd"))  # noqa: PTH208 - names, not paths
    yield
    assert set(os.listdir("/proc/self/fd")) == before  # noqa: PTH208 - names, not paths


def test_one_start_for_many_callers() -> None:
    """Sixteen concurrent callers wait for one start and get the same endpoint."""
    server = serve(start_delay_ms=100)

    async def story() -> None:
        endpoints = await asyncio.gather(*(server.endpoint() for _ in range(16)))
        assert len({endpoint.base_url for endpoint in endpoints}) == 1
        assert (server.state, server.restarts) == (State.RUNNING, 0)
        answer = await ask(endpoints[0])
        assert answer.json()["choices"][0]["message"]["content"] == ANSWER

    run(server, story)


def test_a_caller_that_gives_up_does_not_stop_the_start() -> None:
    """A start goes on for the others when the caller that began it is cancelled."""
    server = serve(start_delay_ms=200)

    async def story() -> None:
        first = asyncio.create_task(server.endpoint())
        second = asyncio.create_task(server.endpoint())
        await asyncio.sleep(0.05)
        first.cancel()
        assert (await ask(await second)).status_code == 200
        assert first.cancelled()

    run(server, story)


def test_the_key_is_needed_and_hidden() -> None:
    """Without the key the child answers 401; the key shows neither in a repr nor on the command line."""
    server = serve()

    async def story() -> None:
        endpoint = await server.endpoint()
        assert (await ask(endpoint, key="wrong")).status_code == 401
        assert endpoint.api_key not in repr(endpoint)
        assert endpoint.api_key not in command_line(server)

    run(server, story)


def test_a_killed_child_costs_the_request_in_flight_only() -> None:
    """A killed child is restarted in the background; the request it was at fails, the next one is answered."""
    server = serve(delay_ms=400)

    async def story() -> None:
        in_flight = asyncio.create_task(ask(await server.endpoint()))
        await asyncio.sleep(0.2)
        pid = slay(server)
        with pytest.raises(httpx.TransportError):
            await in_flight
        await until(lambda: server.pid not in (None, pid))
        assert (await ask(await server.endpoint())).status_code == 200
        assert server.restarts == 1

    run(server, story)


def test_a_dead_child_is_replaced_on_demand() -> None:
    """A caller that comes while the new child starts waits for it; nobody gets the dead one's endpoint."""
    server = serve(start_delay_ms=200)

    async def story() -> None:
        old = await server.endpoint()
        slay(server)
        await until(lambda: server.state is State.STARTING)
        new = await server.endpoint()
        assert new.api_key != old.api_key
        assert (await ask(new)).status_code == 200

    run(server, story)


def test_frequent_deaths_are_backed_off() -> None:
    """A child that keeps dying young is restarted later and later; callers are told when the next try is."""
    server = serve(pace=Pace(patience_s=0.5))

    async def story() -> None:
        await server.start()
        pid = slay(server)  # the first death costs no delay
        await until(lambda: server.pid not in (None, pid))
        slay(server)
        await until(lambda: server.state is State.WAITING)
        with pytest.raises(LocalModelBackoffError, match=r"failed 2 times .* next try is in 1 s") as refusal:
            await server.endpoint()
        assert 0.5 < refusal.value.retry_in_s <= 1
        await until(lambda: server.state is State.RUNNING)
        assert server.restarts == 2

    run(server, story)


def test_a_short_delay_is_waited_out() -> None:
    """A caller is not refused when the next try is near."""
    server = serve(pace=Pace(patience_s=5))

    async def story() -> None:
        await server.start()
        pid = slay(server)
        await until(lambda: server.pid not in (None, pid))
        slay(server)
        await until(lambda: server.state is State.WAITING)
        assert (await ask(await server.endpoint())).status_code == 200

    run(server, story)


def test_a_start_failure_carries_the_end_of_the_log(tmp_path: Path) -> None:
    """All callers of a failed start get its error, with the exit code, a remedy and the child's last words."""
    log = tmp_path / "logs" / "child.log"
    server = serve(config=LocalConfig(Path("fake.gguf"), log_path=log), exit_at_start=66)

    async def story() -> None:
        results = await asyncio.gather(*(server.endpoint() for _ in range(16)), return_exceptions=True)
        assert {type(result) for result in results} == {LocalModelStartError}
        message = str(results[0])
        assert "exit code 66" in message
        assert "pullquote models pull" in message
        assert message.endswith("fake child: told to end with 66")
        assert server.state is State.DOWN

    run(server, story)
    assert log.read_text().count("told to end") == 1


def test_start_failures_are_backed_off() -> None:
    """A child that cannot start is not tried again with every request."""
    server = serve(pace=Pace(patience_s=0.1), exit_at_start=1)

    async def story() -> None:
        for _ in range(2):
            with pytest.raises(LocalModelStartError):
                await server.endpoint()
        with pytest.raises(LocalModelBackoffError, match="exit code 1"):
            await server.endpoint()

    run(server, story)


def test_a_child_that_never_gets_ready_is_ended() -> None:
    """A start that takes too long fails, and leaves no process behind."""
    server = serve(config=LocalConfig(Path("fake.gguf"), start_timeout_s=0.3), never_ready=1)

    async def story() -> None:
        with pytest.raises(LocalModelStartError, match=r"not ready within 0\.3 s"):
            await server.endpoint()
        assert server.pid is None

    run(server, story)


def test_an_unwritable_log_is_a_start_failure(tmp_path: Path) -> None:
    """A log that cannot be written is named, not skipped."""
    (tmp_path / "file").touch()
    server = serve(config=LocalConfig(Path("fake.gguf"), log_path=tmp_path / "file" / "child.log"))

    async def story() -> None:
        with pytest.raises(LocalModelStartError, match="cannot be written"):
            await server.endpoint()

    run(server, story)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts files in /proc")
def test_stop_leaves_nothing(tmp_path: Path) -> None:
    """After stop there is no process and no open file; a second stop is harmless."""
    server = serve(config=LocalConfig(Path("fake.gguf"), log_path=tmp_path / "child.log"))

    async def story() -> None:
        with no_open_files():
            await server.start()
            pid = server.pid
            assert pid is not None
            await server.stop()
            assert is_gone(pid)
            assert (server.pid, server.state) == (None, State.STOPPED)
            await server.stop()

    run(server, story)


def test_stop_ends_a_deaf_child() -> None:
    """A child that heeds neither the end of the line nor a termination is killed."""
    server = serve(pace=Pace(stop_wait_s=0.1), deaf=1)

    async def story() -> None:
        await server.start()
        pid = server.pid
        assert pid is not None
        await server.stop()
        assert is_gone(pid)

    run(server, story)


def test_a_death_is_made_good_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A watcher that hears late of a death does not start a child beside the one that a caller got."""

    async def slow(_endpoint: Endpoint, *, timeout_s: float) -> bool:
        await asyncio.sleep(timeout_s)
        return True

    monkeypatch.setattr(supervisor, "is_healthy", slow)
    server = serve(pace=Pace(health_interval_s=0.05, health_timeout_s=0.8))

    async def story() -> None:
        await server.start()
        await asyncio.sleep(0.1)
        slay(server)
        await until(lambda: server.state is State.DOWN)
        await server.endpoint()
        await asyncio.sleep(1)
        assert server.restarts == 1

    run(server, story)


def test_stop_while_starting() -> None:
    """Stop ends a child that is not ready yet; those who wait for it are told so, not cancelled."""
    server = serve(never_ready=1)

    async def story() -> None:
        waiting = asyncio.create_task(server.endpoint())
        await asyncio.sleep(0.2)
        async with asyncio.timeout(2):
            await server.stop()
        with pytest.raises(LocalModelError, match="stopped while it started"):
            await waiting

    run(server, story)


def test_stop_is_final_until_start() -> None:
    """A late request does not bring a stopped server back; start does."""
    server = serve()

    async def story() -> None:
        await server.start()
        await server.stop()
        with pytest.raises(LocalModelError, match="has been stopped"):
            await server.endpoint()
        await server.start()
        assert (await ask(await server.endpoint())).status_code == 200

    run(server, story)


def test_stop_without_a_start() -> None:
    """A server that never ran can be stopped."""
    server = serve()

    async def story() -> None:
        assert server.state is State.DOWN
        await server.stop()

    run(server, story)


def test_health() -> None:
    """Healthy means that the child runs and answers."""
    server = serve()

    async def story() -> None:
        assert not await server.healthy()
        await server.start()
        assert await server.healthy()

    run(server, story)


def test_a_hung_child_is_replaced() -> None:
    """A child that misses its health check several times in a row is killed and started again."""
    pace = Pace(health_interval_s=0.1, health_timeout_s=0.1, health_misses=3)
    server = serve(pace=pace, hang_health=1)

    async def story() -> None:
        await server.start()
        assert not await server.healthy()
        await until(lambda: server.restarts == 1)

    run(server, story)


def test_a_stop_in_the_moment_a_child_is_ready_ends_it() -> None:
    """A stop that comes before the task that watches the new child has begun leaves nothing of the child."""
    server = serve()
    seen: list[int] = []

    async def story() -> None:
        start = asyncio.create_task(server.start())
        while server.pid is None:  # noqa: ASYNC110 - every turn of the loop counts
            await asyncio.sleep(0)
        seen.append(server.pid)
        await server.stop()
        await start

    with no_open_files():
        run(server, story)
    assert is_gone(seen[0])


def test_a_busy_child_is_left_alone() -> None:
    """A child that answers its health check is not killed, however long a request takes."""
    server = serve(pace=Pace(health_interval_s=0.05, health_timeout_s=1), delay_ms=600)

    async def story() -> None:
        assert (await ask(await server.endpoint())).status_code == 200
        assert server.restarts == 0

    run(server, story)


def test_a_child_that_dies_by_itself_is_replaced() -> None:
    """A child that falls over after a request is started again without anyone asking."""
    server = serve(die_after=1)

    async def story() -> None:
        assert (await ask(await server.endpoint())).status_code == 200
        await until(lambda: server.restarts == 1)

    run(server, story)


def test_numbers_must_be_positive() -> None:
    """A configuration that cannot work is refused by name."""
    with pytest.raises(ValueError, match="slots of the local model is 0"):
        LocalConfig(Path("fake.gguf"), slots=0)
