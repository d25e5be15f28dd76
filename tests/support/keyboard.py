"""Hands that only press keys, and eyes that look where the focus is."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.support.browser import PASSWORD, Somebody

MOST_STOPS = 80  # of one page, before what is looked for

# Name of what has the focus, and what is wrong with seeing it: no outline, outside the window, or covered by something.
FOCUS = """() => {
  const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
  const own = e.matches("a, button, summary") ? e.innerText : e.getAttribute("aria-label") || "";
  const label = e.labels && e.labels[0] ? e.labels[0].innerText : own;
  const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
  const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
  const faults = [];
  if (e === document.body || e.id === "main") { return ["", []]; }
  if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) { faults.push("no outline"); }
  if (right <= left || bottom <= top) { faults.push("outside the window"); return [label, faults]; }
  const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  const mine = over === e || e.contains(over) || (over && over.contains(e)) || Array.from(e.labels || []).includes(over);
  if (!mine) { faults.push("covered by " + (over ? over.outerHTML.slice(0, 80) : "nothing")); }
  return [label.trim(), faults];
}"""


@dataclass
class Keyboard:
    """Hands that only press keys; each stop of the focus is looked at."""

    owner: Somebody
    faults: list[str] = field(default_factory=list)
    stops: int = 0

    def key(self, name: str) -> str:
        self.owner.page.keyboard.press(name)
        said, faults = self.owner.page.evaluate(FOCUS)
        self.stops += 1
        self.faults += [f"{self.owner.here}: “{said}” {fault}" for fault in faults]
        return str(said)

    def reach(self, name: str, key: str = "Tab") -> None:
        """Go on with Tab until something of this name has the focus."""
        passed = []
        for _stop in range(MOST_STOPS):
            passed.append(self.key(key))
            if name in passed[-1]:
                return
        raise AssertionError(f"no “{name}” on {self.owner.here} among {passed}")

    def type(self, text: str) -> None:
        self.owner.page.keyboard.type(text)

    def enter(self) -> None:
        """Follow the link or press the button that has the focus."""
        with self.owner.page.expect_navigation(wait_until="load") as moved:
            self.owner.page.keyboard.press("Enter")
        self.owner.answer = moved.value
        self.owner.look()


def sign_in(keys: Keyboard, address: str) -> None:
    assert "Skip to the content" in keys.key("Tab")
    keys.reach("E-mail address")
    keys.type(address)
    keys.reach("Password")
    keys.type(PASSWORD)
    keys.reach("Sign in")
    keys.enter()
