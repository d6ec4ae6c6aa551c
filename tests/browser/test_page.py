"""What a page does by itself, in a real browser: themes, search, sidebars, contents, scrolling."""

import re

import pytest

from tests.support.book import at_rest
from tests.support.browsing import reload, serving

FAST = {
    "test_the_first_paint_has_the_theme_of_the_system[dark]",
    "test_a_theme_is_chosen_by_keyboard_and_remembered",
    "test_search_opens_by_its_keys_and_leads_to_the_results[Control+k]",
    "test_on_a_phone_a_sidebar_opens_and_gives_the_focus_back[primary-.bd-docs-nav a]",
    "test_the_contents_follow_the_reader",
    "test_fields_come_as_the_reader_of_a_phone_nears_them[scroll]",
    "test_the_skip_link_comes_first_and_leads_to_the_text",
}

CHAPTER = "chapters/learning-rate.html"
PHONE = {"width": 360, "height": 740}
SIDES = [("primary", ".bd-docs-nav a"), ("secondary", "#pst-page-toc-nav a")]


def theme(tab):
    return tab.evaluate("document.documentElement.dataset.theme")


def focused(tab, selector):
    return tab.evaluate("selector => document.activeElement.matches(selector)", selector)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_first_paint_has_the_theme_of_the_system(visit, scheme):
    tab = visit(f"zh/{CHAPTER}", color_scheme=scheme)
    assert theme(tab) == scheme
    other = "dark" if scheme == "light" else "light"
    tab.emulate_media(color_scheme=other)
    tab.wait_for_function("theme => document.documentElement.dataset.theme === theme", arg=other)


def test_a_theme_is_chosen_by_keyboard_and_remembered(visit):
    tab = visit(f"zh/{CHAPTER}", color_scheme="light")
    tab.locator(".theme-switch-button").focus()
    tab.keyboard.press("Enter")
    choices = tab.locator(".theme-change-button")
    assert choices.first.is_visible()
    tab.keyboard.press("Escape")
    assert not choices.first.is_visible()
    tab.keyboard.press("Enter")
    for _ in range(3):
        tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    assert theme(tab) == "dark" and not choices.first.is_visible()
    assert choices.nth(2).get_attribute("aria-pressed") == "true"
    reload(tab)
    assert theme(tab) == "dark"


@pytest.mark.parametrize("keys", ["Control+k", "Meta+k"])
def test_search_opens_by_its_keys_and_leads_to_the_results(visit, keys):
    tab = visit(f"zh/{CHAPTER}")
    dialog = tab.locator("#pst-search-dialog")
    tab.keyboard.press(keys)
    assert dialog.is_visible() and focused(tab, "input[type=search]")
    tab.keyboard.press("Escape")
    assert not dialog.is_visible()
    tab.keyboard.press(keys)
    tab.keyboard.type("学习率")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/zh/search.html?q=**")
    assert tab.locator("#search-results li > a").first.text_content()


def test_search_closes_when_one_clicks_beside_it(visit):
    tab = visit(f"en/{CHAPTER}")
    tab.locator(".search-button__button:visible").first.click()
    dialog = tab.locator("#pst-search-dialog")
    assert dialog.is_visible()
    tab.mouse.click(5, 895 - 300)
    assert not dialog.is_visible()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_sign_of_search_stands_before_its_words(visit, lang):
    """On the search page and in the dialog, by what the browser has laid out."""
    tab = visit(f"{lang}/search.html?q=gradient")
    tab.keyboard.press("Control+k")
    ends = tab.locator("form.bd-search").evaluate_all(
        """all => all.map((form) => {
          const [sign, field] = [form.querySelector("i"), form.querySelector("input")];
          const { left } = field.getBoundingClientRect();
          const start = left + parseFloat(getComputedStyle(field).paddingLeft);
          return start - sign.getBoundingClientRect().right;
        })"""
    )
    assert len(ends) == 2 and all(end >= 4 for end in ends)


@pytest.mark.parametrize(
    ("lang", "page", "entry"), [("en", "Glossary", "gradient"), ("zh", "术语表", "学习率")]
)
def test_an_entry_of_the_glossary_is_found_by_its_name(visit, lang, page, entry):
    tab = visit(f"{lang}/search.html?q={entry}")
    links = tab.locator("#search-results li > a[href*='glossary.html#']")
    links.first.wait_for()
    names = links.all_text_contents()
    assert entry in names[0] and page not in names
    assert len(set(names)) == len(names)
    assert page in links.first.locator("..").inner_text()


def test_marks_are_taken_away_in_the_readers_language(visit):
    tab = visit("zh/chapters/momentum.html?highlight=momentum")
    link = tab.locator("#searchbox .highlight-link a")
    assert re.fullmatch("[\u4e00-\u9fff]+", link.inner_text().strip())
    sign = link.evaluate("link => getComputedStyle(link, '::before').content")
    assert not re.search("[\ue000-\uf8ff]", sign)  # letters of a font that is not there
    assert tab.locator(".highlighted").count() > 0
    link.click()
    assert tab.locator(".highlighted").count() == 0


def test_the_contents_make_room_for_a_figure_beside_the_text(visit):
    tab = visit("en/chapters/himmelblau.html", viewport={"width": 1280, "height": 800})
    contents = tab.locator("#pst-page-toc-nav a").first
    assert contents.is_visible()
    tab.locator(".tag_beside").evaluate("figure => figure.scrollIntoView()")
    contents.wait_for(state="hidden")
    tab.evaluate("scrollTo(0, 0)")
    contents.wait_for(state="visible")


@pytest.mark.parametrize(("side", "link"), SIDES)
def test_on_a_phone_a_sidebar_opens_and_gives_the_focus_back(visit, side, link):
    tab = visit(f"zh/{CHAPTER}", viewport=PHONE)
    links = tab.locator(link)
    assert not links.first.is_visible()
    tab.locator(f".{side}-toggle").focus()
    tab.keyboard.press("Enter")
    assert links.first.is_visible()
    box = tab.locator(f"#pst-{side}-sidebar-modal").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]
    tab.keyboard.press("Escape")
    links.first.wait_for(state="hidden")
    assert focused(tab, f".{side}-toggle")
    tab.locator(f".{side}-toggle").click()
    links.last.click()
    tab.locator("article").wait_for()  # what it leads to is not covered
    links.first.wait_for(state="hidden")


def test_on_a_desk_the_sidebar_folds_away(visit):
    tab = visit(f"zh/{CHAPTER}", viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    entry = tab.locator(".bd-docs-nav a").first
    assert entry.is_visible()
    tab.locator(".primary-toggle").click()
    entry.wait_for(state="hidden")
    tab.locator(".primary-toggle").click()
    entry.wait_for(state="visible")


def test_the_contents_follow_the_reader(visit):
    tab = visit(f"en/{CHAPTER}", viewport={"width": 1280, "height": 800})
    for section in ("why-27", "exercises-lr", "regimes"):
        tab.locator(f"section#{section}").evaluate("section => section.scrollIntoView()")
        tab.locator(f"#pst-page-toc-nav a[href='#{section}'][aria-current=true]").wait_for()
        assert tab.locator("#pst-page-toc-nav a[aria-current=true]").count() == 1


def test_a_link_into_a_chapter_arrives_and_stays(visit):
    tab = visit(f"zh/{CHAPTER}#four-rules")
    section = tab.locator("section#four-rules")
    for _ in range(2):
        assert -5 < section.evaluate("section => section.getBoundingClientRect().top") < 120
        at_rest(tab)


@pytest.mark.parametrize("width", [390, 1280])
def test_an_entry_of_the_contents_leads_to_its_section_and_stays(visit, width):
    tab = visit("zh/chapters/montage.html", viewport={"width": width, "height": 800})
    assert tab.evaluate("document.documentElement.className") == "from-the-top"
    if width < 1200:
        tab.locator(".secondary-toggle").click()
    tab.locator("#pst-page-toc-nav a[href='#montage-easom']").click()
    section = tab.locator("section#montage-easom")
    for _ in range(2):
        assert -5 < section.evaluate("section => section.getBoundingClientRect().top") < 120
        at_rest(tab)


def test_the_skip_link_comes_first_and_leads_to_the_text(visit):
    tab = visit(f"zh/{CHAPTER}")
    tab.keyboard.press("Tab")
    assert focused(tab, ".skip-link a")
    tab.wait_for_function("document.activeElement.getBoundingClientRect().y >= 0")  # it slides in
    assert tab.locator(".skip-link a").bounding_box()["height"] > 10
    tab.keyboard.press("Enter")
    assert tab.url.endswith("#main-content")


def test_every_control_shows_that_it_has_the_focus(visit):
    tab = visit("zh/chapters/montage.html", viewport={"width": 1280, "height": 800})
    look = """() => {
        const style = getComputedStyle(document.activeElement);
        return [document.activeElement.outerHTML.slice(0, 90), style.outlineStyle !== "none"
            || style.boxShadow !== "none" || style.textDecorationLine !== "none"];
    }"""
    unseen = set()
    for _ in range(60):
        tab.keyboard.press("Tab")
        control, seen = tab.evaluate(look)
        if not seen:
            unseen.add(control)
    assert unseen == set()


def test_what_scrolls_sideways_takes_the_keyboard(visit):
    tab = visit("zh/chapters/many-dimensions.html", viewport=PHONE)
    wide = tab.locator("article .katex-display, article pre")
    found = 0
    for box in wide.all()[:40]:
        box.evaluate("box => box.scrollIntoView({ block: 'center' })")
        if box.evaluate("b => !b.closest('details:not([open])') && b.scrollWidth > b.clientWidth"):
            found += 1
            tab.wait_for_function("box => box.tabIndex === 0", arg=box.element_handle())
    assert found > 3


@pytest.mark.parametrize("width", [1200, 1280, 1920])
def test_what_is_wide_scrolls_below_all_of_the_header(visit, width):
    tab = visit("en/explorer.html", viewport={"width": width, "height": 800})
    tab.locator(".explorer").wait_for()
    beyond, looked_at, uncovered = tab.evaluate(
        """() => {
          document.documentElement.classList.remove("from-the-top");
          const wide = document.querySelector(".explorer");
          const header = document.querySelector(".bd-header-article");
          scrollBy(0, wide.getBoundingClientRect().top + 200);
          const { left, right } = wide.getBoundingClientRect();
          const text = document.querySelector("article p").getBoundingClientRect();
          const spots = [];
          for (let x = left + 1; x < right; x += 7)
            for (let y = 1; y < header.offsetHeight; y += 9) spots.push([x, y]);
          const seen = spots.filter(([x, y]) => !header.contains(document.elementFromPoint(x, y)));
          return [right - text.right, spots.length, seen.length];
        }"""
    )
    assert beyond > 200 and looked_at > 500 and uncovered == 0
    assert tab.evaluate("document.scrollingElement.scrollWidth") <= width


def test_the_contents_stand_before_the_header(visit):
    tab = visit(f"en/{CHAPTER}", viewport={"width": 1280, "height": 800})
    on_top = """link => {
        const { x, y, width, height } = link.getBoundingClientRect();
        return link.contains(document.elementFromPoint(x + width / 2, y + height / 2));
    }"""
    title = tab.locator(".bd-sidebar-secondary .onthispage:visible")
    assert title.bounding_box()["y"] < 56 and title.evaluate(on_top)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_range_of_the_review_is_named_on_one_line_on_a_phone(visit, lang):
    tab = visit(f"{lang}/review.html", viewport=PHONE, has_touch=True, is_mobile=True)
    label = tab.locator(".recall-bar label")
    lines = """label => {
        const range = document.createRange();
        range.selectNodeContents(label.firstChild);
        return new Set([...range.getClientRects()].map(({ top }) => top)).size;
    }"""
    assert label.evaluate(lines) == 1
    assert tab.evaluate("document.scrollingElement.scrollWidth") <= 360


@pytest.fixture
def inspected(browser, html):
    """Open a page as a server sends it: of a file, Chromium complains when it is inspected."""
    with serving(html) as address:
        tab = browser.new_page()

        def open_page(path):
            tab.goto(f"{address}/{path}")
            return tab

        yield open_page
        tab.close()


def test_exponents_come_of_one_font(inspected):
    """By what the browser has drawn: a Chinese font may have 1 to 3 alone."""
    tab = inspected("zh/explorer.html")
    tab.locator(".explorer").wait_for()
    tab.wait_for_function(
        "document.querySelector('.explorer-law')?.textContent.length > 1 && "
        "!document.querySelector('.explorer-chart.stale')"
    )
    at_rest(tab)
    session = tab.context.new_cdp_session(tab)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
    query = {"nodeId": root, "selector": ".explorer svg text"}
    found = set()
    for node in session.send("DOM.querySelectorAll", query)["nodeIds"]:
        html = session.send("DOM.getOuterHTML", {"nodeId": node})["outerHTML"]
        if raised := re.findall("[⁻⁰¹²³⁴-⁹]", html):
            fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
            most = sum(font["glyphCount"] for font in fonts)
            assert len(fonts) == 1 or len(raised) in (font["glyphCount"] for font in fonts), html
            assert most > len(raised)
            found.add("".join(raised))
    assert len(found) >= 4


FIELDS = "() => document.querySelectorAll('.predict-form, .exercise-code').length"


@pytest.mark.parametrize("sign", ["scroll", "tap", "key"])
def test_fields_come_as_the_reader_of_a_phone_nears_them(visit, sign):
    """A browser that fills in forms lays out a section for a field in it, however far below."""
    settings = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}
    tab = visit(f"en/{CHAPTER}", **settings)
    at_rest(tab)
    all_of_them = tab.locator(".predict").count() + tab.locator(".exercise-stub").count()
    near = tab.evaluate(FIELDS)
    assert near < all_of_them / 2
    if sign == "scroll":
        last = tab.locator(".exercise-stub").last
        last.scroll_into_view_if_needed()
        tab.locator(".exercise-code").last.wait_for()
        assert near < tab.evaluate(FIELDS) < all_of_them
        return
    if sign == "tap":
        tab.touchscreen.tap(195, 300)
    else:
        tab.keyboard.press("Tab")
    tab.wait_for_function(f"n => ({FIELDS})() === n", arg=all_of_them)


def test_on_a_desk_and_behind_a_link_all_fields_are_there_at_once(visit):
    tab = visit(f"en/{CHAPTER}")
    all_of_them = tab.locator(".predict").count() + tab.locator(".exercise-stub").count()
    assert tab.evaluate(FIELDS) == all_of_them > 5
    tab = visit(f"en/{CHAPTER}#exercises-lr", has_touch=True, is_mobile=True)
    assert tab.evaluate(FIELDS) == all_of_them
