"""What is measured on a page: axe, sizes of targets, overflow, order of digits; one function a finding."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

SMALL_TARGETS = """(least) => [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=tab]')]
  .filter(e => { const s = getComputedStyle(e); return e.checkVisibility({checkVisibilityCSS: true})
      && !e.closest('.nhsuk-skip-link, .nhsuk-u-visually-hidden') && !(s.display === 'inline' && e.closest('p, li')); })
  .map(e => { const r = e.getBoundingClientRect(); return [e.outerHTML.slice(0, 120), r.width, r.height]; })
  .filter(([, w, h]) => w < least - 0.5 || h < least - 0.5)"""

OVERFLOWS = """() => [...document.querySelectorAll('body, body *')]
  .filter(e => e.getClientRects().length && !(e instanceof SVGElement)
      && !e.closest('.nhsuk-u-visually-hidden, .nhsuk-skip-link')
      && getComputedStyle(e).display !== 'inline' && !e.closest('[data-scrolls]')
      && e.scrollWidth > e.clientWidth + 1 && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
  .map(e => e.outerHTML.slice(0, 140))"""

CONTRASTS = """() => {
  const parse = c => { const m = c.match(/[\\d.]+/g)?.map(Number) ?? [0, 0, 0, 0]; return c.startsWith('color(srgb')
      ? [...m.slice(0, 3).map(x => x * 255), m[3] ?? 1] : [m[0], m[1], m[2], m[3] ?? 1]; };
  const over = (top, under) => [0, 1, 2].map(i => top[i] * top[3] + under[i] * (1 - top[3]));
  const light = rgb => { const [r, g, b] = rgb.map(v => v / 255)
      .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
      return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ground = e => { let layers = []; for (; e; e = e.parentElement) { const s = getComputedStyle(e);
      if (s.backgroundImage !== 'none' && !s.backgroundImage.includes('url(')) return null;
      const c = parse(s.backgroundColor); if (c[3] > 0) layers.push(c); if (c[3] === 1) break; }
      return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255]); };
  const found = [];
  for (const e of document.querySelectorAll('body *')) {
    if (!e.getClientRects().length || !e.checkVisibility()) continue;
    if (e.closest('.nhsuk-u-visually-hidden, .nhsuk-skip-link, [aria-hidden=true], svg')) continue;
    const said = [...e.childNodes].filter(n => n.nodeType === 3 && n.data.trim()).map(n => n.data.trim()).join(' ')
        || (/^(INPUT|TEXTAREA|SELECT)$/.test(e.tagName) ? e.value ?? '' : '');
    if (!said) continue;
    const s = getComputedStyle(e), under = ground(e);
    if (!under) { found.push(['no plain ground', said.slice(0, 60)]); continue; }
    const ink = over(parse(s.color), under), a = light(ink), b = light(under);
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const px = parseFloat(s.fontSize), large = px >= 24 || (px >= 18.66 && Number(s.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) found.push([ratio.toFixed(2), said.slice(0, 60)]);
  }
  return found; }"""

FOCUSABLE = """() => [...document.querySelectorAll('a[href], button:not([disabled]), input, select, textarea, summary')]
  .filter(e => e.getClientRects().length && e.tabIndex >= 0 && !(e.type === 'radio' && !e.checked)
      && e.checkVisibility({checkVisibilityCSS: true}))"""

FOCUSED = """() => { const e = document.activeElement; if (!e || e === document.body) return null;
  const s = getComputedStyle(e); e.dataset.swept ||= String(Math.random());
  return [e.dataset.swept, s.outlineStyle !== 'none' || s.boxShadow !== 'none', e.outerHTML.slice(0, 120)]; }"""

# Where a person's own colours are forced, shadows and grounds are gone: a line around it or under it says "a control".
SHAPELESS = """() => [...document.querySelectorAll('button, a[href], select, textarea, input:not([type=hidden])')]
  .filter(e => e.checkVisibility({checkVisibilityCSS: true}) && getComputedStyle(e).opacity !== '0'
      && e !== document.activeElement && !e.closest('.nhsuk-skip-link, nav'))
  .filter(e => { const s = getComputedStyle(e);
      return ['Top', 'Bottom'].every(side => s[`border${side}Style`] === 'none' || s[`border${side}Width`] === '0px')
          && ![e, ...e.querySelectorAll('*')].some(n => getComputedStyle(n).textDecorationLine.includes('underline'))
          && !e.closest('.al-tile'); })
  .map(e => `no line around or under ${e.outerHTML.slice(0, 120)}`)"""

MOVING = """() => document.getAnimations().filter(one => one.playState === 'running')
  .map(one => `moves: ${one.effect?.target?.outerHTML.slice(0, 120)}`)"""

# Our words have no Latin letter in the made-up language: what has some lacks a key, or was told by the service.
LATIN = """() => { const found = [], all = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (all.nextNode()) { const n = all.currentNode;
      if (/[A-Za-z]{2,}/.test(n.data) && !n.parentElement.closest('noscript, script')) found.push(n.data.trim()); }
  for (const e of document.querySelectorAll('[aria-label], [alt], [placeholder]'))
      for (const name of ['aria-label', 'alt', 'placeholder'])
          if (/[A-Za-z]{2,}/.test(e.getAttribute(name) ?? '')) found.push(e.getAttribute(name));
  return [...new Set(found)]; }"""

# What the browser itself says of a day and a time, and a number's unit.
KNOWN_LATIN = re.compile(
    r"\b(?:\d+(?::\d\d)?[ap]m|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
    r"|(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec))\b"
)

SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"

DIGITS = """() => [...document.querySelectorAll('bdi')].filter(e => /^\\d+\\D+\\d+/.test(e.textContent)).map(e => {
  const texts = n => [...n.childNodes].flatMap(c => c.nodeType === 3 ? [c] : texts(c));
  const t = texts(e);
  const box = (n, from, to) => { const r = document.createRange(); r.setStart(n, from); r.setEnd(n, to);
      return r.getClientRects()[0]; };
  const numbers = t.flatMap(n => [...n.data.matchAll(/\\d+/g)].map(m => box(n, m.index, m.index + m[0].length)));
  return [e.textContent, numbers[0].top < numbers[1].top - 4 || numbers[0].left < numbers[1].left]; })"""


def axe(page: Page, *, is_quick: bool = False) -> list[str]:
    """Violations of axe-core, one line each with the first element; quick: without its slowest rule, see `faint`."""
    options: dict[str, Any] = {"runOnly": {"type": "tag", "values": AXE_TAGS}}
    if is_quick:
        options["rules"] = {"color-contrast": {"enabled": False}}
    found = Axe().run(page, options=options)
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found.response["violations"]]


def small_targets(page: Page, least: int) -> list[Any]:
    """Controls smaller than `least` CSS pixels either way; links inside a sentence are exempt (WCAG 2.5.8)."""
    return list(page.evaluate(SMALL_TARGETS, least))


def overflows(page: Page) -> list[str]:
    """Texts wider than their box, and a line when the page itself scrolls sideways."""
    found = list(page.evaluate(OVERFLOWS))
    sideways = page.evaluate(SIDEWAYS)
    return [*found, f"the page scrolls {sideways} px sideways"] if sideways > 0 else found


def wrong_digits(page: Page) -> list[str]:
    """Readings of two numbers whose first does not stand before the second on the screen."""
    return [words for words, right in page.evaluate(DIGITS) if not right]


def faint(page: Page) -> list[Any]:
    """Texts whose colour stands out too little from what is behind them: 4.5 to 1, large ones 3 to 1 (WCAG 1.4.3).

    Computed here, because axe leaves what it is unsure of as "needs review".
    """
    return list(page.evaluate(CONTRASTS))


def all_of(page: Page, smallest: int, *, is_quick: bool = False) -> list[object]:
    """Everything wrong with the page as it stands, whose controls may be no smaller than `smallest` CSS pixels."""
    found = [*axe(page, is_quick=is_quick), *small_targets(page, smallest), *overflows(page)]
    return [*found, *wrong_digits(page), *faint(page)]


def pairs(page: Page) -> int:
    """How many readings of two numbers stand on the page."""
    return len(page.evaluate(DIGITS))


def shapeless(page: Page) -> list[str]:
    """Controls that nothing but a ground or a shadow shows, which forced colours take away."""
    return list(page.evaluate(SHAPELESS))


def moving(page: Page) -> list[str]:
    """What moves by itself now."""
    return list(page.evaluate(MOVING))


def keyless(page: Page, told: str) -> list[str]:
    """Texts in Latin letters on a page of the made-up language, which no answer of the service held (`told`)."""
    # Between words of ours, which have none of these letters, stand a name or a sentence that the service told.
    runs = [
        run.strip(" ,.:()") for text in page.evaluate(LATIN) for run in re.split("[\u0600-\u06ff]+", text)
    ]
    return [run for run in runs if _is_ours(run, told)]


def _is_ours(run: str, told: str) -> bool:
    left = KNOWN_LATIN.sub("", run).strip(" ,.:()0123456789")
    return bool(re.search("[A-Za-z]{2,}", left)) and run not in told and left not in told


@contextmanager
def twice_the_size(page: Page) -> Iterator[None]:
    """Text at 200 percent, as a person sets it in the browser."""
    page.evaluate(
        "document.adoptedStyleSheets = [new CSSStyleSheet()],"
        " document.adoptedStyleSheets[0].replaceSync('html{font-size:200% !important}')"
    )
    page.wait_for_timeout(200)
    yield
    page.evaluate("document.adoptedStyleSheets = []")


def lost_to_the_keyboard(page: Page) -> list[str]:
    """What Tab does not reach, or reaches unseen. A page that draws itself anew meanwhile is gone through again."""
    found: list[str] = []
    for _ in range(3):
        found = _tabbed(page)
        if not found:
            break
    return found


def _tabbed(page: Page) -> list[str]:
    wanted = page.evaluate(f"({FOCUSABLE})().length")
    # A field of date and time has a stop for each of its parts.
    parts = 8 * page.locator("input[type=datetime-local], input[type=date], input[type=time]").count()
    page.evaluate("document.activeElement?.blur(); scrollTo(0, 0)")
    reached: set[str] = set()
    for _ in range(wanted + parts + 5):
        page.keyboard.press("Tab")
        seen = page.evaluate(FOCUSED)
        if seen is None:
            continue
        if not seen[1]:
            return [f"focus is not seen on {seen[2]}"]
        reached.add(seen[0])
    missed = page.evaluate(
        f"({FOCUSABLE})().filter(e => !e.dataset.swept).map(e => e.outerHTML.slice(0, 120))"
    )
    return [] if len(reached) >= wanted else [f"not reached: {one}" for one in missed]
