"""What is measured on a page: axe, sizes of targets, overflow, order of digits; one function a finding."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

SMALL_TARGETS = """(least) => [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=tab]')]
  .filter(e => { const s = getComputedStyle(e); return e.getClientRects().length && s.visibility !== 'hidden'
      && !e.closest('.nhsuk-skip-link, .nhsuk-u-visually-hidden') && !(s.display === 'inline' && e.closest('p, li')); })
  .map(e => { const r = e.getBoundingClientRect(); return [e.outerHTML.slice(0, 120), r.width, r.height]; })
  .filter(([, w, h]) => w < least - 0.5 || h < least - 0.5)"""

OVERFLOWS = """() => [...document.querySelectorAll('body, body *')]
  .filter(e => e.getClientRects().length && !(e instanceof SVGElement)
      && !e.closest('.nhsuk-u-visually-hidden, .nhsuk-skip-link')
      && getComputedStyle(e).display !== 'inline' && !e.closest('[data-scrolls]')
      && e.scrollWidth > e.clientWidth + 1 && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
  .map(e => e.outerHTML.slice(0, 140))"""

SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"

DIGITS = """() => [...document.querySelectorAll('bdi')].filter(e => /^\\d+\\D+\\d+/.test(e.textContent)).map(e => {
  const texts = n => [...n.childNodes].flatMap(c => c.nodeType === 3 ? [c] : texts(c));
  const t = texts(e);
  const box = (n, from, to) => { const r = document.createRange(); r.setStart(n, from); r.setEnd(n, to);
      return r.getClientRects()[0]; };
  const numbers = t.flatMap(n => [...n.data.matchAll(/\\d+/g)].map(m => box(n, m.index, m.index + m[0].length)));
  return [e.textContent, numbers[0].top < numbers[1].top - 4 || numbers[0].left < numbers[1].left]; })"""


def axe(page: Page) -> list[str]:
    """Violations of axe-core, one line each with the first element."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": AXE_TAGS}})
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
