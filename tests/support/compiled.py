"""Kernels are started as by CuPy, but on the processor: the system's C compiler makes them."""

import ctypes
import hashlib
import shutil
import subprocess
from types import ModuleType
from typing import ClassVar

import numpy as np

from tests.support.strict_array import StrictArray

COMPILE = ["cc", "-O2", "-ffp-contract=off", "-shared", "-fPIC"]
TYPES = {np.int64: ctypes.c_longlong, np.float64: ctypes.c_double}


class OnGpu(StrictArray):
    """An array that says it is CuPy's."""

    __module__ = "cupy"


class RawKernel:
    """As `cupy.RawKernel`, as far as gdcore asks for it."""

    started: ClassVar[list] = []

    def __init__(self, code, name, options=()):
        self.code, self.name, self.options = code, name, options

    def __call__(self, grid, block, args):
        RawKernel.started.append((self.options, grid, block))
        function = getattr(ctypes.CDLL(library(self.code)), self.name)
        function.restype = None
        function(*map(as_c, args))


def as_c(value):
    """An argument for C: where an array begins, or a number."""
    if isinstance(value, OnGpu):
        assert value._numbers.flags.c_contiguous
        return ctypes.c_void_p(value._numbers.ctypes.data)
    return TYPES[type(value)](value)


def library(code):
    """The file of a compiled kernel, compiled only once."""
    file = library.folder / hashlib.sha256(code.encode()).hexdigest()
    if not file.exists():
        assert shutil.which("cc"), (
            "this test compiles kernels and needs a C compiler named cc, such as GCC's: "
            "apt-get install gcc libc6-dev"
        )
        (source := file.with_suffix(".c")).write_text(code, encoding="utf-8")
        command = [*COMPILE, "-o", file, source, "-lm"]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    return file


def cupy():
    """A module named cupy in which kernels run on the processor."""
    module = ModuleType("cupy")
    module.asarray, module.RawKernel = OnGpu, RawKernel
    return module
