"""Jupyter's manager and client of a kernel, which lose no time in waiting: 0.3 s a chapter.

Jupyter's client takes a kernel for ready when nothing has come from it for 0.2 s, and its manager
looks ten times a second whether it has ended. These wait for what they are waiting for.
"""

import time
from queue import Empty

from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from traitlets import Type


class Client(AsyncKernelClient):
    """A client that is ready once a kernel has answered, and said publicly that it is idle."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        end = time.monotonic() + (timeout or float("inf"))
        while True:
            question = self.kernel_info()
            try:
                reply = await self.get_shell_msg(timeout=1)
                if reply["msg_type"] == "kernel_info_reply":
                    while not ends(await self.get_iopub_msg(timeout=0.2), question):
                        pass
                    self._handle_kernel_info_reply(reply)
                    return
            except Empty:
                pass  # it is not there yet, or we were not yet listening to what it says publicly
            if not await self.is_alive():
                raise RuntimeError("The kernel ended before it was ready.")
            if time.monotonic() > end:
                raise RuntimeError(f"The kernel was not ready after {timeout} seconds.")


def ends(message: dict, question: str) -> bool:
    """Say whether a message is the last that a kernel has to say to a question."""
    idle = message["content"].get("execution_state") == "idle"
    return idle and message["parent_header"].get("msg_id") == question


class Manager(AsyncKernelManager):
    """A manager that looks a hundred times a second whether its kernel has ended."""

    client_factory = Type(Client, AsyncKernelClient)

    async def _async_finish_shutdown(self, *arguments, **options) -> None:
        await super()._async_finish_shutdown(*arguments, **{"pollinterval": 0.01, **options})
