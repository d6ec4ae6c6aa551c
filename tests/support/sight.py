"""What one sees of a page, opened once, in windows of several widths, by day and by night."""

from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote, urlsplit

from tests.support.book import at_rest
from tests.support.browsing import both_languages, reading

WIDTHS = (1280, 1920, 360)
DESK, PHONE = 1280, 360
NARROW = 390
FAINTEST = 4.5  # of text against its ground, for level AA

LOOK = """() => {
  document.documentElement.classList.remove("from-the-top");  // all of it laid out
  const all = (selector) => [...document.querySelectorAll(`article ${selector}`)]
    .filter((element) => element.checkVisibility());
  const lines = (element) => {
    const lines = [];
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    for (let middle = NaN, text; (text = walker.nextNode());) {
      if (text.parentElement.closest("[hidden], .headerlink, .katex-mathml")) continue;
      for (let i = 0; i < text.length; i++) {
        range.setStart(text, i);
        range.setEnd(text, i + 1);
        const box = [...range.getClientRects()].find(({ width }) => width > 0);
        if (!box) continue;
        const here = (box.top + box.bottom) / 2;
        if (!(Math.abs(here - middle) < 14)) lines.push("");
        middle = here;
        lines[lines.length - 1] += text.data[i];
      }
    }
    return lines;
  };
  const plain = "section > p, section > .pair > .lang > p";
  const paragraphs = all(`:is(${plain})`)
    .filter((p) => p.offsetHeight > 80).slice(0, 8).map(lines);
  const headings = all(":is(h1, h2, h3)").map((heading) => {
    const { fontSize, fontWeight } = getComputedStyle(heading);
    return [heading.localName, parseFloat(fontSize), fontWeight, lines(heading)];
  });
  const [title] = all("h1");
  const header = document.querySelector(".bd-header-article");
  const clear = title.getBoundingClientRect().top - header.getBoundingClientRect().bottom;
  const tables = all("table").filter((table) => table.rows[0].cells.length <= 5)
    .map(({ parentElement: box }) => box.scrollWidth - box.clientWidth);
  const beside = all(".tag_beside").map((figure) => {
    const paragraph = figure.closest("section").querySelector(".pair > .lang:not(.twin) > p");
    const text = paragraph.getBoundingClientRect();
    const { position, float } = getComputedStyle(figure);
    const box = figure.getBoundingClientRect();
    return [position, float, box.left - text.right, innerWidth - box.right];
  });
  return { paragraphs, headings, clear, tables, beside,
           width: document.scrollingElement.scrollWidth };
}"""

# Of what is written in the article and around it, the fainter than AA asks for.
FAINT = """(least) => {
  const light = (part) => (part /= 255) <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  const pen = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const parts = (color) => {  // red, green, blue and opacity, however it is written
    if (!known.has(color)) {
      pen.clearRect(0, 0, 1, 1);
      pen.fillStyle = color;
      pen.fillRect(0, 0, 1, 1);
      known.set(color, [...pen.getImageData(0, 0, 1, 1).data]);
    }
    return known.get(color);
  };
  const luminance = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
  const ground = (element) => {
    for (let here = element; here; here = here.parentElement) {
      const color = parts(getComputedStyle(here).backgroundColor);
      if (color[3] === 255) return color;
    }
    return [255, 255, 255];
  };
  const faint = [];
  for (const element of document.querySelectorAll("body *:not(svg *, script, style, option)")) {
    const speaks = [...element.childNodes]
      .some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    const seen = element.checkVisibility({ visibilityProperty: true });
    if (!speaks || !seen || element.closest(".katex-mathml")) continue;
    const [a, b] = [parts(getComputedStyle(element).color), ground(element)]
      .map(luminance).sort((a, b) => b - a);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < least) faint.push(`${ratio.toFixed(2)} ${element.outerHTML.slice(0, 90)}`);
  }
  return faint;
}"""

# All that is shown in figures: letters drawn as shapes, letters of fonts, and colours of lines.
LETTERS = """() => {
  const shown = [];
  const pictures = "svg.figure, .explorer svg";
  for (const svg of document.querySelectorAll(pictures)) {
    if (!svg.checkVisibility({ visibilityProperty: true })) continue;
    for (const one of svg.querySelectorAll('g[transform*="scale("], text')) {
      const letters = one.querySelector(":scope > use") && /#\\w*(Cm|DejaVu)/.test(one.innerHTML);
      if (one.tagName === "g" && !letters) continue;
      if (one.tagName === "text" && !one.textContent.trim()) continue;
      const { a, b } = one.getScreenCTM();
      const size = one.tagName === "g" ? 100 : parseFloat(getComputedStyle(one).fontSize);
      const name = svg.closest("figure")?.id ?? "";
      shown.push([name, Math.hypot(a, b) * size, getComputedStyle(one).fill]);
    }
  }
  return shown;
}"""
LINES = """() => {
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const seen = {};
  const contours = new Set();
  for (const svg of document.querySelectorAll("svg.figure")) {
    if (!svg.checkVisibility({ visibilityProperty: true })) continue;
    for (const one of svg.querySelectorAll("path[style], use[style], circle[style]")) {
      const style = getComputedStyle(one);
      if (one.closest(".surface") && one.style.fill !== "none") continue; // cells, in the light
      const part = style.stroke !== "none" ? "stroke" : "fill";
      const [, name] = one.style[part].match(/--figure-(\\w+)/) ?? [];
      const solid = Number(style.opacity) * Number(style[part + "Opacity"]) === 1;
      if (name && solid) seen[name] = style[part];
      if (name === "contour" && one.closest("[id*=QuadContourSet]")) {
        const scale = style.vectorEffect === "none" ? one.getScreenCTM().a : 1;
        contours.add((parseFloat(style.strokeWidth) * scale).toFixed(1));
      }
    }
  }
  const rgb = (color) => {
    pen.fillStyle = color;
    pen.fillRect(0, 0, 1, 1);
    return "#" + [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3)
      .map((part) => part.toString(16).padStart(2, "0")).join("");
  };
  const root = getComputedStyle(document.documentElement);
  const behind = ["--pst-color-background", "--figure-terrain1", "--figure-terrain5"];
  return {
    contours: [...contours],
    lines: Object.fromEntries(Object.entries(seen).map(([name, color]) => [name, rgb(color)])),
    letters: [...new Set([...document.querySelectorAll("svg.figure g.letters")].map((one) =>
      rgb(getComputedStyle(one).fill)))],
    grounds: behind.map((name) => rgb(root.getPropertyValue(name).trim())),
  };
}"""

# Signs of formulas that their own font lacks: they are drawn as they would be without it, or as a
# sign that no font has, such as U+E7FF.
STRANGE = """async () => {
  const pen = new OffscreenCanvas(60, 60).getContext("2d", { willReadFrequently: true });
  const drawn = (font, sign) => {
    pen.clearRect(0, 0, 60, 60);
    pen.font = font;
    pen.fillText(sign, 20, 40);
    return pen.getImageData(0, 0, 60, 60).data.join();
  };
  const signs = new Map();
  for (const formula of document.querySelectorAll(".katex-html")) {
    const walker = document.createTreeWalker(formula, NodeFilter.SHOW_TEXT);
    for (let text; (text = walker.nextNode());) {
      if (text.parentElement.closest(".cjk_fallback")) continue;
      const { fontFamily, fontStyle, fontWeight } = getComputedStyle(text.parentElement);
      for (const sign of text.data.replace(/[\\s\\u200b]/g, "")) {
        const own = fontFamily.split(",")[0];
        signs.set(`${sign} of ${own}`, [`${fontStyle} ${fontWeight} 20px`, own, sign]);
      }
    }
  }
  const fonts = [...signs.values()].map(([size, own]) => document.fonts.load(`${size} ${own}`));
  await Promise.all(fonts);
  const lacks = ([size, own, sign]) => {
    const shown = drawn(`${size} ${own}, serif`, sign);
    return [drawn(`${size} serif`, sign), drawn(`${size} ${own}, serif`, "\ue7ff")].includes(shown);
  };
  return [[...signs].filter(([, how]) => lacks(how)).map(([name]) => name), signs.size];
}"""


@dataclass(frozen=True)
class Sight:
    """What one saw of a page, and what went wrong meanwhile."""

    lang: str
    page: str
    language: str
    title: str
    languages: list[str]  # of the headings that show
    twins: int  # how many show
    at: dict[int, dict]  # lines, headings, tables, for each width
    letters: dict[int, list[tuple[str, float, str]]]  # figure, pixels, colour, for each width
    faint: dict[str, list[str]]  # texts too faint, by theme
    colors: dict[str, dict]  # of figures, by theme
    width: int  # of the page, in pixels, in a window as narrow as a phone
    unset: int  # formulas without their glyphs when the twins show, too
    strange: list[str]  # signs of formulas that their own fonts lack
    signs: int  # how many different ones formulas have
    files: set[str]  # paths of all that it loaded
    troubles: list[str]


@cache  # a file at a time is tested in `make test-slow`, and three files ask
def look_at(tabs, html, lang: str, page: str) -> Sight:
    with reading(tabs, html) as (open_page, asked, troubles):
        tab = open_page(f"{lang}/{page}.html", color_scheme="light", reduced_motion="reduce")
        tab.evaluate("document.fonts.ready.then(() => true)")
        addresses = [urlsplit(url) for url in asked]
        language, title = tab.evaluate("[document.documentElement.lang, document.title]")
        headings = tab.locator("article h1 .lang:visible")
        headings = headings.evaluate_all("all => all.map((heading) => heading.lang)")
        twins = tab.locator(".twin:visible").count()
        at, letters, faint, colors = {}, {}, {}, {}
        for width in WIDTHS:
            tab.set_viewport_size({"width": width, "height": 900})
            at_rest(tab)
            at[width] = tab.evaluate(LOOK)
            if width in (DESK, PHONE):
                letters[width] = tab.evaluate(LETTERS)
            for scheme in ("dark", "light") if width == DESK else ():
                tab.emulate_media(color_scheme=scheme)
                tab.wait_for_function(
                    "now => document.documentElement.dataset.theme === now", arg=scheme
                )
                at_rest(tab)
                faint[scheme] = tab.evaluate(FAINT, FAINTEST)
                colors[scheme] = tab.evaluate(LINES)
        tab.set_viewport_size({"width": NARROW, "height": 800})
        at_rest(tab)
        narrow = tab.evaluate("document.scrollingElement.scrollWidth")
        tab.locator(".side-by-side-button").evaluate("button => button.click()")
        both_languages(tab)
        assert tab.locator(".twin:visible").count() > 0
        unset = tab.locator(".math:not(:has(.katex-html))").count()
        strange, signs = tab.evaluate(STRANGE)
    files = {unquote(url.path) for url in addresses if url.scheme == "file"}
    return Sight(lang, page, language, title, headings, twins, at, letters, faint, colors,
                 narrow, unset, strange, signs, files, troubles)  # fmt: skip
