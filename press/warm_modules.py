"""What a warm kernel has imported before its chapter begins (see kernels.py).

Whatever fails to import here will fail where a chapter imports it, and be reported there.
"""

import os
import sys
from contextlib import suppress
from importlib import import_module

PATH = sys.path[1:]  # what a fresh Python would look through, but for the folder it starts in

ALWAYS = ("ipykernel.kernelapp", "ipykernel.zmqshell", "matplotlib.backends.backend_svg")

for module in (*ALWAYS, *os.environ.pop("BOOK_IMPORTS", "").split()):
    with suppress(Exception):
        import_module(module)
