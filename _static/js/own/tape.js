// A function of the reader's own, in Python, as a chain of operations with its gradient beside it.
//
// f runs once, in the worker of python.js, on two values that stand for any x and y. Each carries its
// derivatives with it, as a dual number does (gdcore.autodiff), and notes what is done to it: so what
// comes back is a list of plain operations that compute f, ∂f/∂x and ∂f/∂y together. The page takes them
// as often as it likes, and an optimizer of the reader's own has them in Python. What cannot be noted,
// since it asks for the value of x or y, is an error that says so.

book.ownTape = (() => {
  const MOST = 2000; // operations
  const BEFORE = "from math import *\n";

  // What the reader's f is called with, after their code. The names of the operations are those of OPERATIONS.
  const AFTER = `
def _note():
    import math
    say, rows, names = print, [], globals()

    def value(op, *args):
        if not any(isinstance(a, str) for a in args):
            return calculate[op](*args)
        if len(rows) == ${MOST}:
            raise ValueError("f: long")
        rows.append(" ".join([op] + [a if isinstance(a, str) else repr(float(a)) for a in args]))
        return "v%d" % (len(rows) - 1)

    def divided(a, b):
        return a / b if b else a * math.inf
    calculate = {
        "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": divided,
        "**": lambda a, b: a ** b, "sign": lambda a: (a > 0) - (a < 0), "chain": lambda s, d: d and s * d,
        "share": lambda a, b: (1 + (a > b) - (a < b)) / 2, "max": max, "min": min, "abs": abs,
    }
    slopes = {
        "sin": lambda a, v: value("cos", a),
        "cos": lambda a, v: value("-", 0, value("sin", a)),
        "tan": lambda a, v: value("+", 1, value("*", v, v)),
        "asin": lambda a, v: value("/", 1, value("sqrt", value("-", 1, value("*", a, a)))),
        "acos": lambda a, v: value("/", -1, value("sqrt", value("-", 1, value("*", a, a)))),
        "atan": lambda a, v: value("/", 1, value("+", 1, value("*", a, a))),
        "sinh": lambda a, v: value("cosh", a),
        "cosh": lambda a, v: value("sinh", a),
        "tanh": lambda a, v: value("-", 1, value("*", v, v)),
        "asinh": lambda a, v: value("/", 1, value("sqrt", value("+", value("*", a, a), 1))),
        "acosh": lambda a, v: value("/", 1, value("sqrt", value("-", value("*", a, a), 1))),
        "atanh": lambda a, v: value("/", 1, value("-", 1, value("*", a, a))),
        "exp": lambda a, v: v,
        "expm1": lambda a, v: value("+", v, 1),
        "log": lambda a, v: value("/", 1, a),
        "sqrt": lambda a, v: value("/", 0.5, v),
        "abs": lambda a, v: value("sign", a),
    }
    for name in slopes:
        if name != "abs":
            calculate[name] = getattr(math, name)

    def plus(d, e):
        return tuple(q if p == 0 else p if q == 0 else value("+", p, q) for p, q in zip(d, e))
    def chain(slope, d):
        return tuple(0 if p == 0 else slope if p == 1 else p if slope == 1 else value("chain", slope, p) for p in d)
    def parts(a):
        if isinstance(a, _Symbol):
            return a.v, a.d
        if isinstance(a, (int, float)):
            return a, (0, 0)
        raise TypeError("f: no number " + type(a).__name__)

    def added(a, b):
        (v, d), (w, e) = parts(a), parts(b)
        return _Symbol(w if v == 0 else v if w == 0 else value("+", v, w), plus(d, e))
    def taken(a, b):
        (v, d), (w, e) = parts(a), parts(b)
        return _Symbol(value("-", v, w), plus(d, chain(-1, e)))
    def multiplied(a, b):
        (v, d), (w, e) = parts(a), parts(b)
        return _Symbol(value("*", v, w), plus(chain(w, d), chain(v, e)))
    def over(a, b):
        (v, d), (w, e) = parts(a), parts(b)
        if w == 0:
            raise ZeroDivisionError("divide by zero")
        q = value("/", v, w)
        return _Symbol(q, chain(value("/", 1, w), plus(d, chain(value("-", 0, q), e))))
    def raised(a, b):
        (v, d), (w, e) = parts(a), parts(b)
        if w == 0:
            return 1
        if w == 1:
            return a
        p = value("*", v, v) if w == 2 else value("**", v, w)
        less = v if w == 2 else value("**", v, value("-", w, 1))
        along = chain(value("*", w, less), d) if d != (0, 0) else d
        if e == (0, 0):
            return _Symbol(p, along)
        if not isinstance(v, str) and v <= 0:
            raise ValueError("f: base")
        return _Symbol(p, plus(along, chain(value("*", p, value("log", v)), e)))
    def largest(name, sign):
        def choose(*args, **more):
            some = list(args[0]) if len(args) == 1 and not isinstance(args[0], _Symbol) else args
            if more or not any(isinstance(a, _Symbol) for a in some):
                return calculate[name](*args, **more)
            best = some[0]
            for other in some[1:]:
                (v, d), (w, e) = parts(best), parts(other)
                s = value("share", v, w) if sign > 0 else value("share", w, v)
                best = _Symbol(value(name, v, w), plus(chain(s, d), chain(value("-", 1, s), e)))
            return best
        return choose
    def compared(*_):
        raise TypeError("f: compare")

    class _Symbol:
        def __init__(self, v, d):
            self.v, self.d = v, d
        def __add__(self, other):
            return added(self, other)
        def __radd__(self, other):
            return added(other, self)
        def __sub__(self, other):
            return taken(self, other)
        def __rsub__(self, other):
            return taken(other, self)
        def __mul__(self, other):
            return multiplied(self, other)
        def __rmul__(self, other):
            return multiplied(other, self)
        def __truediv__(self, other):
            return over(self, other)
        def __rtruediv__(self, other):
            return over(other, self)
        def __pow__(self, other):
            return raised(self, other)
        def __rpow__(self, other):
            return raised(other, self)
        def __neg__(self):
            return taken(0, self)
        def __pos__(self):
            return self
        def __abs__(self):
            return applied("abs")(self)
        __lt__ = __le__ = __gt__ = __ge__ = __eq__ = __ne__ = __bool__ = compared

    def applied(name):
        def at(a):
            if not isinstance(a, _Symbol):
                return calculate[name](a)
            v = value(name, a.v)
            return _Symbol(v, chain(slopes[name](a.v, v), a.d))
        return at
    noted = {name: applied(name) for name in slopes}
    natural = noted["log"]
    def log(a, base=math.e):
        return natural(a) if base == math.e else natural(a) / natural(base)
    def atan2(a, b):
        if not isinstance(a, _Symbol) and not isinstance(b, _Symbol):
            return math.atan2(a, b)
        (v, d), (w, e) = parts(a), parts(b)
        away = value("+", value("*", v, v), value("*", w, w))
        slope = value("/", w, away), value("/", value("-", 0, v), away)
        return _Symbol(value("atan2", v, w), plus(chain(slope[0], d), chain(slope[1], e)))
    noted.update({
        "fabs": noted["abs"], "pow": raised, "atan2": atan2,
        "log": log, "log2": lambda a: log(a, 2), "log10": lambda a: log(a, 10),
        "radians": lambda a: a * (math.pi / 180), "degrees": lambda a: a * (180 / math.pi),
    })

    class Math:
        pass
    for name in dir(math):
        if name[0] != "_":
            setattr(Math, name, staticmethod(noted[name]) if name in noted else getattr(math, name))
    instead = [(getattr(math, name), one) for name, one in noted.items() if name != "abs"] + [(math, Math)]
    for name, its in list(names.items()):
        for before, one in instead:
            if its is before:
                names[name] = one
    for name, sign in (("max", 1), ("min", -1)):
        if name not in names:
            names[name] = largest(name, sign)
    if "print" not in names:
        names["print"] = lambda *_, **more: None

    if not callable(names.get("f")):
        raise ValueError("f: missing")
    low, high = names.get("low", -5), names.get("high", 5)
    if not (isinstance(low, (int, float)) and isinstance(high, (int, float)) and 1e-3 <= high - low <= 1e6
            and -1e6 <= low <= 1e6):
        raise ValueError("f: limits")
    result = names["f"](_Symbol("x", (1, 0)), _Symbol("y", (0, 1)))
    if result is None:
        raise ValueError("f: nothing")
    if isinstance(result, bool) or not isinstance(result, (_Symbol, int, float)):
        raise ValueError("f: no number " + type(result).__name__)
    v, d = parts(result)
    for row in rows:
        say(row)
    say("f", low, high, *[a if isinstance(a, str) else repr(float(a)) for a in (v,) + d])
_note()
`;

  const OPERATIONS = ["+", "-", "*", "/", "**", "chain", "share", "max", "min", "abs", "sign", "sqrt", "exp", "log", "sin",
    "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "expm1", "atan2"];
  /** One of them. A switch is twice as fast here as functions in a list. @param {number} which @param {number} a @param {number} b */
  const take = (which, a, b) => {
    switch (which) {
      case 0: return a + b;
      case 1: return a - b;
      case 2: return a * b;
      case 3: return a / b;
      case 4: return a ** b;
      case 5: return b && a * b; // where nothing changes, a slope of ∞ changes nothing
      case 6: return (1 + Math.sign(a - b)) / 2; // the part of a in the slope of the larger: half, if equal
      case 7: return Math.max(a, b);
      case 8: return Math.min(a, b);
      case 9: return Math.abs(a);
      case 10: return Math.sign(a);
      case 11: return Math.sqrt(a);
      case 12: return Math.exp(a);
      case 13: return Math.log(a);
      case 14: return Math.sin(a);
      case 15: return Math.cos(a);
      case 16: return Math.tan(a);
      case 17: return Math.asin(a);
      case 18: return Math.acos(a);
      case 19: return Math.atan(a);
      case 20: return Math.sinh(a);
      case 21: return Math.cosh(a);
      case 22: return Math.tanh(a);
      case 23: return Math.asinh(a);
      case 24: return Math.acosh(a);
      case 25: return Math.atanh(a);
      case 26: return Math.expm1(a);
      default: return Math.atan2(a, b);
    }
  };

  /** A number as Python prints it. @param {string} word */
  const number = (word) => Number(word.replace(/^(-?)inf$/, "$1Infinity"));

  /**
   * What `AFTER` has printed, to be taken: where its picture lies, and f with its gradient.
   * @param {string} printed
   * @returns {{ limits: Interval[], run: Objective["run"], size: number }}
   */
  const read = (printed) => {
    const rows = printed.trim().split("\n").map((line) => line.split(" "));
    const [, low, high, ...results] = /** @type {string[]} */ (rows.pop());
    const count = rows.length;
    const which = Int32Array.from(rows, ([name]) => OPERATIONS.indexOf(name));
    const left = new Int32Array(count);
    const right = new Int32Array(count);
    const numbers = [NaN, NaN, ...rows.map(() => NaN)]; // x, y, what is computed, and constants behind
    /** Where what a word means stands among the numbers. @param {string} word */
    const place = (word = "0") => {
      if (word === "x" || word === "y") return word === "x" ? 0 : 1;
      return word[0] === "v" ? 2 + Number(word.slice(1)) : numbers.push(number(word)) - 1;
    };
    rows.forEach(([, a, b], i) => ([left[i], right[i]] = [place(a), place(b)]));
    const [f, gx, gy] = results.map(place);
    const at = Float64Array.from(numbers);
    return {
      limits: [[number(low), number(high)], [number(low), number(high)]],
      size: count,
      run: (x, y, out) => {
        at[0] = x;
        at[1] = y;
        for (let i = 0; i < count; i++) at[i + 2] = take(which[i], at[left[i]], at[right[i]]);
        out[0] = at[f];
        out[1] = at[gx];
        out[2] = at[gy];
      },
    };
  };

  // Python's own functions raise where those of the page say NaN or ∞.
  const CALM = `
from math import *
def calm(its, beyond=lambda *_: nan):
    def at(*a):
        try: return its(*a)
        except (ValueError, ZeroDivisionError, OverflowError): return beyond(*a)
    return at
exp, expm1, cosh = calm(exp, lambda a: inf), calm(expm1, lambda a: inf), calm(cosh, lambda a: inf)
sinh, log, sqrt, tan = calm(sinh, lambda a: a * inf), calm(log), calm(sqrt), calm(tan)
asin, acos, acosh, atanh = calm(asin), calm(acos), calm(acosh), calm(atanh)
div, power = calm(lambda a, b: a / b, lambda a, b: a * inf), calm(lambda a, b: float(a ** b))
sign, chain = lambda a: (a > 0) - (a < 0), lambda s, d: d and s * d
share = lambda a, b: (1 + (a > b) - (a < b)) / 2
`;
  /** The same as `def objective(x, y)` in Python. @param {string} printed */
  const python = (printed) => {
    const rows = printed.trim().split("\n").map((line) => line.split(" "));
    const [, , , ...results] = /** @type {string[]} */ (rows.pop());
    const lines = rows.map(([name, a, b], i) => {
      const its = { "/": `div(${a}, ${b})`, "**": `power(${a}, ${b})` }[name] ??
        (/\w/.test(name) ? `${name}(${a}${b ? `, ${b}` : ""})` : `${a} ${name} ${b}`);
      return `    v${i} = ${its}\n`;
    });
    return `${CALM}def objective(x, y):\n${lines.join("")}    return ${results.join(", ")}\n`;
  };

  return { BEFORE, AFTER, read, python };
})();
