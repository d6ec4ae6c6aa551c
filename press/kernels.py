"""Warm kernels: forked from one process that has already imported what the chapters import.

A kernel spends most of its start on importing IPython and Matplotlib. Here one process, the fork
server of Python's multiprocessing, imports them once, and each kernel is a fork of it, which begins
with an empty namespace as a fresh one does. Jupyter knows this as a kernel provisioner. Where there
is no fork server, as on Windows, or where forking is not safe, as on macOS, kernels are ordinary.

A kernel ends when the build that asked for it ends, however it ends.
"""

import importlib
import multiprocessing
import os
import runpy
import signal
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress
from importlib.metadata import EntryPoint
from multiprocessing.connection import wait

CAN_FORK = sys.platform == "linux"
# One thread for sums: how they are split among threads would change their last bits.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
INLINE = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}  # as ipykernel sets it


def warm_up(modules: Iterable[str]) -> None:
    """Start the fork server, with some modules, and let Jupyter take its kernels from it.

    Returns at once: the fork server imports while the caller goes on.
    """
    os.environ.update(ONE_THREAD)
    if not CAN_FORK:
        return
    passing = INLINE | {"BOOK_IMPORTS": " ".join(modules)}
    before = {name: os.environ.get(name) for name in passing}
    os.environ.update(passing)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["press.warm_modules"])
    multiprocessing.forkserver.ensure_running()
    for name, value in before.items():
        os.environ.pop(name) if value is None else os.environ.update({name: value})
    factory = provisioners()
    group = factory.GROUP_NAME
    factory.provisioners["warm"] = EntryPoint("warm", "press.provisioner:WarmProvisioner", group)
    factory.default_provisioner_name = "warm"


def provisioners():
    """Return where Jupyter knows its kernel provisioners from."""
    from jupyter_client.provisioning import KernelProvisionerFactory  # only where cells must run

    return KernelProvisionerFactory.instance()


def be_a_kernel(cmd: list[str], kwargs: dict) -> None:
    """Become what ``python -m ipykernel_launcher …`` would be: the process of one chapter."""
    os.setsid()  # so that a signal reaches whatever its cells start, too
    end_with_parent()
    os.chdir(kwargs["cwd"])
    os.environ.clear()
    os.environ.update(kwargs["env"])
    for name in {"random", "numpy.random"} & set(sys.modules):
        sys.modules[name].seed()  # else all kernels would draw the same numbers
    sys.path[:] = importlib.import_module("press.warm_modules").PATH
    module = cmd.index("-m") + 1
    sys.argv = cmd[module:]
    multiprocessing.current_process()._config["daemon"] = False  # its cells may start processes
    runpy.run_module(cmd[module], run_name="__main__", alter_sys=True)


def end_with_parent() -> None:
    """End this process as soon as the one that started it has ended."""
    gone = multiprocessing.parent_process().sentinel

    def watch() -> None:
        wait([gone])
        with suppress(OSError):
            if os.getpgrp() == os.getpid():
                os.killpg(0, signal.SIGKILL)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
