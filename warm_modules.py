"""What a warm kernel has imported before its chapter begins (see kernels.py).

Whatever fails to import here will fail where a chapter imports it, and be reported there.
"""

import sys
from contextlib import suppress
from importlib import import_module

PATH = sys.path[1:]  # what a fresh Python would look through, but for the folder it starts in

for module in (
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_svg",
    "gdcore.animate",
    "gdcore.surface",
    "myst_nb",
    "sklearn.datasets",
):
    with suppress(Exception):
        import_module(module)
