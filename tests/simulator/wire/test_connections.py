import asyncio
import signal
import sys

import pytest

from testing import processes

REQUEST = b"GET /v1/balance HTTP/1.1\r\nHost: stripe.test\r\n\r\n"


@pytest.mark.waits
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux reports when data arrived")
async def test_a_call_is_counted_in_the_second_in_which_it_arrived() -> None:
    """Two calls, more than a second apart, reach a stopped process. Later the process reads both at once."""
    with processes.simulator() as simulator:
        port = int(simulator.base_url.rpartition(":")[2])
        first = await asyncio.open_connection("127.0.0.1", port)
        second = await asyncio.open_connection("127.0.0.1", port)
        simulator.process.popen.send_signal(signal.SIGSTOP)
        first[1].write(REQUEST)
        await asyncio.sleep(1.1)
        second[1].write(REQUEST)
        await asyncio.sleep(0.1)
        simulator.process.popen.send_signal(signal.SIGCONT)
        for reader, writer in (first, second):
            assert (await reader.readline()).startswith(b"HTTP/1.1 401")
            writer.close()
            await writer.wait_closed()
        calls = simulator.control("calls")
        assert (calls["total"], calls["busiest_second"]) == (2, 1)
