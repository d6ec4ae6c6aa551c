"""How Jupyter gets its kernels from the fork server of kernels.py: a kernel provisioner."""

import multiprocessing
import os
import signal
from contextlib import suppress

from jupyter_client.provisioning import LocalProvisioner

from press.kernels import be_a_kernel


class WarmProvisioner(LocalProvisioner):
    """Jupyter's provisioner of local kernels, but for how one is started."""

    async def launch_kernel(self, cmd, **kwargs):
        context = multiprocessing.get_context("forkserver")
        self.process = Forked(context.Process(target=be_a_kernel, args=(cmd, kwargs)))
        self.pid = self.pgid = self.process.pid
        return self.connection_info


class Forked:
    """A process of multiprocessing, with the methods of one of subprocess."""

    stdin = stdout = stderr = None

    def __init__(self, process) -> None:
        self.process = process
        process.daemon = True
        process.start()
        self.pid = process.pid

    def poll(self) -> int | None:
        return self.process.exitcode

    def wait(self) -> int:
        self.process.join()
        return self.process.exitcode

    def send_signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)
