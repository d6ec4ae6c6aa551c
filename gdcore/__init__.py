"""gdcore: gradient descent（梯度下降）, small enough to read in one sitting.

The way through the package is one straight line::

    Objective -> optimizer -> iterates -> Trajectory -> picture

`objectives` says what to descend, and `autodiff` makes the gradient of any function. `optimizers`
says how to step, by the gradient alone; `newton`, `backtracking` and `muon` are optimizers that ask
for more. `schedules` changes learning rates on the way, `descent` holds the one loop, `averaging`
takes the mean of where it went, `sweeps` keeps only where very many descents end, which `kernels`
walks on a GPU, `noise` turns an exact gradient into a stochastic one, and `draw` shows what came
out. `curvature` says where to begin and at which rates, `trace` notes what all of them compute, and
`translate` writes it for a browser. Importing `gdcore` needs NumPy and nothing else; `gdcore.draw`
is imported on its own and needs Matplotlib.

Examples
--------
>>> from gdcore import GradientDescent, descend, parabola
>>> trajectory = descend(parabola, GradientDescent(learning_rate=0.2), x0=10, max_steps=10)
>>> float(trajectory.x[-1, 0])
0.06046617599999997
"""

__version__ = "0.1.0"

from gdcore.autodiff import derivative, grad, value_and_grad
from gdcore.averaging import exponential_average, tail_average
from gdcore.backtracking import Backtracking
from gdcore.clipping import Clipped
from gdcore.descent import Trajectory, descend, iterates
from gdcore.muon import Muon, orthogonalized
from gdcore.newton import Newton
from gdcore.noise import minibatches, noisy, sampled
from gdcore.objectives import (
    OBJECTIVES,
    Objective,
    ackley,
    beale,
    bohachevsky,
    booth,
    catenary,
    check_grad,
    easom,
    ellipse,
    griewank,
    growing_wave,
    himmelblau,
    matyas,
    parabola,
    rastrigin,
    rosenbrock,
    six_hump_camel,
    sphere,
    styblinski_tang,
    three_hump_camel,
    valley,
    zakharov,
)
from gdcore.optimizers import (
    OPTIMIZERS,
    Adadelta,
    AdaGrad,
    Adam,
    AdamW,
    GradientDescent,
    Lion,
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
    StableDecay,
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
    "Clipped",
    "Constant",
    "Cosine",
    "Ends",
    "Exponential",
    "GradientDescent",
    "InverseTime",
    "Lion",
    "Momentum",
    "Muon",
    "Nesterov",
    "Newton",
    "Objective",
    "Optimizer",
    "Polynomial",
    "RMSProp",
    "Scheduled",
    "StableDecay",
    "Trajectory",
    "WarmUp",
    "ackley",
    "beale",
    "bohachevsky",
    "booth",
    "catenary",
    "check_grad",
    "derivative",
    "descend",
    "easom",
    "ellipse",
    "exponential_average",
    "grad",
    "griewank",
    "growing_wave",
    "himmelblau",
    "iterates",
    "matyas",
    "minibatches",
    "noisy",
    "orthogonalized",
    "parabola",
    "rastrigin",
    "rosenbrock",
    "sampled",
    "six_hump_camel",
    "sphere",
    "styblinski_tang",
    "sweep",
    "tail_average",
    "three_hump_camel",
    "valley",
    "value_and_grad",
    "zakharov",
]
