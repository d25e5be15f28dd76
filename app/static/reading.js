/* Reading while scoring: a selected passage can be pinned, and the place where reading stopped is remembered. */
(function () {
  "use strict";

  const pane = document.querySelector("[data-escp-pane=text]");
  const box = document.querySelector("[data-escp-pin]");
  const offer = document.querySelector("[data-escp-pin-now]");
  if (!pane || !box || !offer) { return; }
  const anchors = Array.from(pane.querySelectorAll("[id^=answer-]"));
  const token = box.querySelector("input[name=csrf_token]").value;

  /* The answer a passage stands in: the last heading before it. */
  function placeOf(node) {
    const before = anchors.filter((one) => one.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING);
    return before.length ? before[before.length - 1].id : "";
  }

  let passage = null;
  document.addEventListener("selectionchange", () => {
    const chosen = document.getSelection();
    const text = chosen.toString().trim();
    const place = text && pane.contains(chosen.anchorNode) && !box.contains(chosen.anchorNode) ? placeOf(chosen.anchorNode) : "";
    if (place) { passage = { text: text.slice(0, 2000), place: place }; offer.hidden = false; }
  });
  offer.querySelector("button").addEventListener("click", () => {
    box.hidden = false;
    box.open = true;
    box.querySelector("[name=place]").value = passage.place;
    const quote = box.querySelector("input[name=quote][type=hidden]");
    if (quote) { quote.value = passage.text; box.querySelector("[data-escp-quote]").textContent = passage.text; }
    box.querySelector("textarea").focus();
  });
  offer.querySelector("button").type = "button";

  /* -- where reading stopped: told a while after the last scrolling, never while nothing moved */

  const where = location.pathname.replace(/\/$/, "") + "/place";
  let resting, told = "";
  function tell() {
    const edge = Math.max(pane.getBoundingClientRect().top, 0) + 80;
    const passed = anchors.filter((one) => one.getBoundingClientRect().top <= edge);
    const place = passed.length ? passed[passed.length - 1].id : "";
    if (!place || place === told) { return; }
    told = place;
    const sent = new URLSearchParams({ csrf_token: token, place: place });
    fetch(where, { method: "POST", body: sent, headers: { "HX-Request": "true" } }).catch(() => { told = ""; });
  }
  const later = () => { window.clearTimeout(resting); resting = window.setTimeout(tell, 2000); };
  pane.addEventListener("scroll", later, { passive: true });
  window.addEventListener("scroll", later, { passive: true });
}());
