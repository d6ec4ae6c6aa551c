"""An instrument without a page, in QuickJS: what it says and draws for a state, read as data.

Its tools are stand-ins that write down what they are told; its numbers are its own.
"""

import json

import quickjs

from press.ext.figures.instruments import joined
from tests.support.book import ROOT

TOOLS = """
var document = { documentElement: {} };
let told = "", drawing = () => {}, drawn = {};
const state = {};
const [handles, plots] = [[], []];
const plotted = (name) => (key, ...given) => {
  drawn[key] = [name, ...given];
  return { classList: { add: () => {} } };
};
const plot = Object.fromEntries(["line", "dots", "arrow", "text", "put", "bowl", "terrain"]
  .map((name) => [name, plotted(name)]));
const it = {
  say: book.page.say, write: book.numbers.write, clamp: book.numbers.clamp, state,
  has: (fields) => { for (const name in fields) state[name] = fields[name].start; return state; },
  set: (values) => Object.assign(state, values),
  plot: ({ axes }) => {
    plots.push(axes);
    return { ...plot, box: { style: {} }, place: (x, y) => [x, y], back: (x, y) => [x, y],
      handle: (one) => handles.push(one) };
  },
  slider: () => {}, choice: () => {}, player: () => {}, button: () => {},
  guessed: () => {}, refresh: () => {}, whenReset: () => {},
  draw: (how) => { drawing = how; },
  slices: (work) => { while (!work.next().done); },
  tell: (text) => { told = text; },
};
book.instrument = (name, build) => build(it);
"""
SHOW = """(values) => {
  Object.assign(state, values);
  drawn = {};
  drawing();
  return JSON.stringify({ told, drawn, state, axes: plots.map((axes) => axes()) });
}"""
DRAG = "(i, x, y) => { handles[i].drag(x, y); return JSON.stringify(state); }"


class Bare:
    """One instrument: `show` sets some of its state, `drag` pulls one of its handles."""

    def __init__(self, name: str, lang: str = "en"):
        self.context = quickjs.Context()
        self.context.eval((ROOT / "_static" / "js" / "book.js").read_text(encoding="utf-8"))
        for script in ("kit", name):
            self.context.eval(joined(ROOT, script, lang))
            if script == "kit":
                self.context.eval(TOOLS)
                self.context.eval(f"document.documentElement.lang = {lang!r}")

    def show(self, **values) -> dict:
        return json.loads(self.context.eval(SHOW)(self.context.parse_json(json.dumps(values))))

    def drag(self, handle: int, x: float, y: float) -> dict:
        return json.loads(self.context.eval(DRAG)(handle, x, y))
