/* What scripts add to pages that work without them. One file, no dependency but htmx, which it only listens to. */
(function () {
  "use strict";

  const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));
  const live = document.getElementById("live");
  const say = (text) => { if (live) { live.textContent = text; } };

  /* -- counters: code points after NFC, a newline as one, as app/ui.py counts ----------------------------------- */

  const count = (text) => Array.from(text.replace(/\r\n?/g, "\n").normalize("NFC")).length;
  const fill = (message, n, limit) => message.replace("{n}", String(n)).replace("{limit}", String(limit));

  function startCounter(control) {
    const box = document.getElementById(control.id + "-counter");
    if (!box) { return; }
    const limit = Number(control.dataset.escpLimit);
    let resting;
    const show = () => {
      const left = limit - count(control.value);
      const over = left < 0;
      const one = Math.abs(left) === 1;
      const key = over ? (one ? "overOne" : "over") : (one ? "leftOne" : "left");
      box.textContent = fill(box.dataset[key], Math.abs(left), limit);
      box.classList.toggle("escp-counter--over", over);
      window.clearTimeout(resting);
      resting = window.setTimeout(() => { if (document.activeElement === control && left < limit / 10) { say(box.textContent); } }, 1500);
    };
    control.addEventListener("input", show);
    if (control.form) { control.form.addEventListener("escp-shown", show); }
    if (control.value) { show(); }
  }

  /* -- passwords ------------------------------------------------------------------------------------------------ */

  function startPassword(box) {
    const input = box.querySelector("input");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "ecl-button ecl-button--secondary";
    const name = () => {
      button.textContent = input.type === "password" ? box.dataset.show : box.dataset.hide;
      const hidden = document.createElement("span");
      hidden.className = "escp-hidden";
      hidden.textContent = " " + box.dataset.what;
      button.append(hidden);
    };
    button.addEventListener("click", () => {
      input.type = input.type === "password" ? "text" : "password";
      name();
    });
    input.form.addEventListener("submit", () => { input.type = "password"; });
    name();
    box.append(button);
  }

  /* -- times: the reader's own beside the one of the call, where they differ ------------------------------------- */

  /* -- the server's clock */

  function runClock(time) {
    const ahead = new Date(time.dateTime).getTime() - performance.now();
    const format = new Intl.DateTimeFormat("en-GB", { timeZone: time.dataset.escpClock, timeStyle: "medium" });
    window.setInterval(() => { time.textContent = format.format(new Date(ahead + performance.now())); }, 1000);
  }

  function addOwnTime(time) {
    const moment = new Date(time.dateTime);
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const clock = (zone) => new Intl.DateTimeFormat("en-GB", { timeZone: zone, dateStyle: "short", timeStyle: "short" }).format(moment);
    if (!own || clock(own) === clock(time.dataset.escpZone)) { return; }
    const short = new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: own, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    time.title = short.format(moment) + " " + own.split("/").pop().replace(/_/g, " ");
    if (time.closest(".escp-deadline")) { time.append(" (" + time.title + ")"); }
  }

  /* -- saving while typing: the status line is swapped by htmx; keep.js keeps what is not stored yet ---------------- */

  const kept = window.escpKeep || { keep: () => {}, snapshot: () => null, saved: () => {} };
  const AGAIN = 5000;  /* milliseconds until the next try, where nothing answered */

  function showStatus(text, tone) {
    const status = document.getElementById("save-status");
    if (!status) { return; }
    status.className = "escp-saved escp-saved--" + tone;
    status.lastElementChild.textContent = text;
    say(text);
  }

  function startSaving(form) {
    let slow, again, sent;
    form.addEventListener("htmx:beforeRequest", () => {
      window.clearTimeout(again);
      sent = kept.snapshot(form);
      slow = window.setTimeout(() => showStatus(form.dataset.saving, "warning"), 300);
    });
    /* Only a status line may take the place of the status line: an error page or the sign-in page may not. */
    document.addEventListener("htmx:beforeSwap", (event) => {
      if (event.detail.requestConfig.elt !== form || /^\s*(<p|<input)[^>]* id="/.test(event.detail.serverResponse)) { return; }
      event.detail.shouldSwap = false;
      kept.keep(form);
      showStatus(/^4(09|22)$/.test(event.detail.xhr.status) ? form.dataset.refused : form.dataset.unsaved, "error");
    });
    form.addEventListener("htmx:afterSettle", () => {
      const line = document.getElementById("save-status");
      if (!line) { return; }
      say(line.textContent.trim());
      if (line.classList.contains("escp-saved--success")) { kept.saved(form, sent); } else { kept.keep(form); }
    });
    form.addEventListener("htmx:afterRequest", (event) => {
      window.clearTimeout(slow);
      if (event.detail.xhr.status !== 0) { return; }
      kept.keep(form);
      showStatus(form.dataset.unsaved, "error");
      again = window.setTimeout(() => window.htmx.trigger(form, "escp-again"), AGAIN);
    });
  }

  /* -- marks: − and +, the sentence of the band, keys ------------------------------------------------------------ */

  const decimals = (text) => (String(text).split(".")[1] || "").length;

  function startStepper(box) {
    const input = box.querySelector("input");
    const low = Number(input.dataset.min), high = Number(input.dataset.max), step = Number(input.dataset.step);
    const places = decimals(input.dataset.step);
    const move = (direction) => {
      const now = Number(input.value.replace(",", "."));
      const next = input.value.trim() === "" || Number.isNaN(now) ? low : Math.round(now / step + direction) * step;
      input.value = Math.min(high, Math.max(low, next)).toFixed(places);
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.dispatchEvent(new Event("change", { bubbles: true }));
    };
    const make = (sign, label, direction) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "ecl-button ecl-button--secondary";
      button.textContent = sign;
      button.setAttribute("aria-label", label);
      button.addEventListener("click", () => move(direction));
      return button;
    };
    input.before(make("−", box.dataset.less, -1));
    input.after(make("+", box.dataset.more, 1));
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowUp" || event.key === "ArrowDown") {
        event.preventDefault();
        move(event.key === "ArrowUp" ? 1 : -1);
      }
    });
  }

  function showBand(criterion) {
    const line = criterion.querySelector("[data-escp-band]");
    const marks = all("[data-escp-mark]", criterion);
    if (!line || !marks.length) { return; }
    const chosen = marks.find((m) => m.type !== "radio" || m.checked);
    const mark = chosen && chosen.value.trim() !== "" ? Number(chosen.value.replace(",", ".")) : NaN;
    const highest = chosen && chosen.dataset.max ? Number(chosen.dataset.max) : Infinity;
    const bands = mark > highest ? [] : all("[data-escp-from]", criterion).filter((b) => Number(b.dataset.escpFrom) <= mark);
    bands.sort((a, b) => Number(b.dataset.escpFrom) - Number(a.dataset.escpFrom));
    line.textContent = bands.length ? chosen.value + ": " + bands[0].querySelector("dd").textContent : "";
  }

  function startCriterion(criterion) {
    criterion.addEventListener("input", () => showBand(criterion));
    showBand(criterion);
  }

  /* Single keys work where the page says so, outside fields, and none of them sends anything. */
  const KEYS = {
    j: () => follow("[data-escp-next]"),
    k: () => follow("[data-escp-previous]"),
    n: () => focusIn("textarea"),
    a: () => { const d = current() && current().querySelector("details"); if (d) { d.open = !d.open; } },
    "/": () => { const s = document.querySelector("input[type=search]"); if (s) { s.focus(); } },
    "?": () => { const d = document.querySelector("[data-escp-keys-help]"); if (d) { d.open = true; d.querySelector("summary").focus(); } },
  };
  const follow = (selector) => { const link = document.querySelector(selector); if (link) { link.click(); } };
  let lastCriterion = null;
  const current = () => lastCriterion || document.querySelector("[data-escp-criterion]");
  const focusIn = (selector) => { const c = current(); const f = c && c.querySelector(selector); if (f) { f.focus(); } };

  function startKeys() {
    document.addEventListener("focusin", (event) => {
      lastCriterion = event.target.closest("[data-escp-criterion]") || lastCriterion;
    });
    document.addEventListener("keydown", (event) => {
      const typing = event.target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select");
      if (typing || event.ctrlKey || event.metaKey || event.altKey) { return; }
      if (/^[1-9]$/.test(event.key)) {
        lastCriterion = document.querySelector('[data-escp-criterion="' + event.key + '"]') || lastCriterion;
        focusIn("[data-escp-mark]:checked, [data-escp-mark]");
      } else if (KEYS[event.key]) {
        KEYS[event.key]();
      } else { return; }
      event.preventDefault();
    });
  }

  /* -- start ----------------------------------------------------------------------------------------------------- */

  const summary = document.getElementById("error-summary");
  if (summary) { summary.focus(); }
  all("[data-escp-limit]").forEach(startCounter);
  all("[data-escp-password]").forEach(startPassword);
  all("time[data-escp-zone]").forEach(addOwnTime);
  all("time[data-escp-clock]").forEach(runClock);
  all("form[data-escp-autosave]").forEach(startSaving);
  all("[data-escp-stepper]").forEach(startStepper);
  all("[data-escp-criterion]").forEach(startCriterion);
  if (document.querySelector("[data-escp-keys]")) { startKeys(); }

  /* -- fetched when needed */

  function whenNeeded(name, listen) {
    const later = document.querySelector(`meta[name=escp-when-${name}]`);
    if (!later) { return; }
    let fetched = false;
    const fetchIt = () => {
      if (fetched) { return; }
      fetched = true;
      const script = document.createElement("script");
      script.src = later.content;
      script.addEventListener("error", () => { fetched = false; script.remove(); window.setTimeout(fetchIt, 30000); });
      document.head.append(script);
    };
    listen(fetchIt);
  }

  whenNeeded("writing", (fetchIt) => {
    document.addEventListener("focusin", (event) => { if (event.target.dataset.escpProse) { fetchIt(); } });
  });
  whenNeeded("reading", (fetchIt) => {
    ["scroll", "selectionchange"].forEach((kind) => document.addEventListener(kind, fetchIt, { capture: true, passive: true }));
  });
  whenNeeded("leaving", (fetchIt) => {  /* two minutes before the sign-in ends, or after a laptop slept */
    const seconds = document.getElementById("sign-in-ends").dataset.left - 120;
    window.setTimeout(fetchIt, Math.min(Math.max(seconds, 1) * 1000, 2 ** 31 - 1));
    document.addEventListener("visibilitychange", () => { if (!document.hidden) { fetchIt(); } });
  });
}());
