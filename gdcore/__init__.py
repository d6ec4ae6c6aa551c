"""gdcore: gradient descent（梯度下降）, small enough to read in one sitting.

The way through the package is one straight line::

    Objective -> optimizer -> iterates -> Trajectory -> plot

`objectives` says what to descend, `optimizers` how to step, `descent` holds the one loop, `noise`
turns an exact gradient into a stochastic one, and `plot` draws what came out. Importing `gdcore`
needs NumPy and nothing else; `gdcore.plot` is imported on its own and needs Matplotlib.

Examples
--------
>>> from gdcore import GradientDescent, descend, parabola
>>> trajectory = descend(parabola, GradientDescent(learning_rate=0.2), x0=10, max_steps=10)
>>> float(trajectory.x[-1, 0])
0.06046617599999997
"""

from gdcore.descent import Trajectory, descend, iterates
from gdcore.noise import noisy, sampled
from gdcore.objectives import OBJECTIVES, Objective, ellipse, himmelblau, parabola
from gdcore.optimizers import OPTIMIZERS, GradientDescent, Optimizer

__all__ = [
    "OBJECTIVES",
    "OPTIMIZERS",
    "GradientDescent",
    "Objective",
    "Optimizer",
    "Trajectory",
    "descend",
    "ellipse",
    "himmelblau",
    "iterates",
    "noisy",
    "parabola",
    "sampled",
]
