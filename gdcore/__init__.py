"""gdcore: gradient descent（梯度下降）, small enough to read in one sitting.

The way through the package is one straight line::

    Objective -> optimizer -> iterates -> Trajectory -> picture

`objectives` says what to descend, `optimizers` how to step, by the gradient alone; `newton` and
`backtracking` are optimizers that ask for more. `schedules` changes learning rates on the way,
`descent` holds the one loop, `sweeps` keeps only where very many descents end, `noise` turns an
exact gradient into a stochastic one, and `draw` shows what came out. Importing `gdcore` needs NumPy
and nothing else; `gdcore.draw` is imported on its own and needs Matplotlib.

Examples
--------
>>> from gdcore import GradientDescent, descend, parabola
>>> trajectory = descend(parabola, GradientDescent(learning_rate=0.2), x0=10, max_steps=10)
>>> float(trajectory.x[-1, 0])
0.06046617599999997
"""

from gdcore.backtracking import Backtracking
from gdcore.descent import Trajectory, descend, iterates
from gdcore.newton import Newton
from gdcore.noise import minibatches, noisy, sampled
from gdcore.objectives import OBJECTIVES, Objective, ellipse, himmelblau, parabola, valley
from gdcore.optimizers import (
    OPTIMIZERS,
    Adadelta,
    AdaGrad,
    Adam,
    AdamW,
    GradientDescent,
    Momentum,
    Nesterov,
    Optimizer,
    RMSProp,
)
from gdcore.schedules import (
    Constant,
    Cosine,
    Exponential,
    InverseTime,
    Polynomial,
    Scheduled,
    WarmUp,
)
from gdcore.sweeps import Ends, sweep

__all__ = [
    "OBJECTIVES",
    "OPTIMIZERS",
    "AdaGrad",
    "Adadelta",
    "Adam",
    "AdamW",
    "Backtracking",
    "Constant",
    "Cosine",
    "Ends",
    "Exponential",
    "GradientDescent",
    "InverseTime",
    "Momentum",
    "Nesterov",
    "Newton",
    "Objective",
    "Optimizer",
    "Polynomial",
    "RMSProp",
    "Scheduled",
    "Trajectory",
    "WarmUp",
    "descend",
    "ellipse",
    "himmelblau",
    "iterates",
    "minibatches",
    "noisy",
    "parabola",
    "sampled",
    "sweep",
    "valley",
]
