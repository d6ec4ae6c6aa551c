"""Lets grad-descent-visualizer descend a grid as it does itself; descents.py starts it.

It needs the packages that its author pinned, so it runs in a virtualenv of its own. It is under the
GPL: it is called here, and nothing of it is copied. The argument is a grid as JSON, so is the
answer: the milliseconds, and the mean size of a coordinate at the end.
"""

import inspect
import json
import sys
import time
import warnings
from types import SimpleNamespace

import numpy as np

if not hasattr(inspect, "getargspec"):
    inspect.getargspec = inspect.getfullargspec  # pinned packages ask for it; gone since 3.11
warnings.simplefilter("ignore")

from grad_descent_visualizer import DescentPlotter, test_functions  # noqa: E402

grid = json.loads(sys.argv[1])
function = getattr(test_functions, grid["function"])
points = np.stack(np.meshgrid(*(np.linspace(*side) for side in grid["sides"]))).reshape(2, -1)

# Its own loop, which asks the plotter for the function only. It stops where no gradient is larger
# than the tolerance, so with a negative one it never stops early.
plotter = SimpleNamespace(test_function=function)
started = time.perf_counter()
path = DescentPlotter.generate_gradient_descent_path(
    plotter, points, alpha=grid["rate"], tolerance=-1, max_iteration=grid["steps"]
)
milliseconds = 1000 * (time.perf_counter() - started)

assert path.shape == (grid["steps"] + 1, 3, points.shape[1]), path.shape
print(json.dumps({"milliseconds": milliseconds, "end": float(np.abs(path[-1, :2]).mean())}))
