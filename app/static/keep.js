/* What somebody types is kept in this tab until the server says that it has stored it. It comes back for the same person
   alone, with the versions it started from, so that a clash is still seen. Nothing is kept for visitors, nor on computers
   that a person called shared when signing in. */
(function () {
  "use strict";

  const PREFIX = "escp-kept:";
  const person = document.body.dataset.escpKeepFor || "";
  const forms = Array.from(document.querySelectorAll("form[method=post]")).filter(
    (form) => form.querySelector("textarea, [data-escp-limit], table input") || form.matches("[data-escp-autosave]"));

  const key = (form) => {
    const same = forms.filter((other) => other.action === form.action);
    return PREFIX + person + ":" + form.action + "#" + same.indexOf(form);
  };
  const left = (name) => /^(csrf_token|act_id|kept|kept_as|next)$/.test(name);
  const held = (form) => Array.from(form.elements).filter(
    (f) => f.name && !left(f.name) && !/^(password|file|submit|button|image|reset)$/.test(f.type) && f.tagName !== "FIELDSET");
  const typed = (f) => f.type !== "hidden";
  const state = (f) => (/^(radio|checkbox)$/.test(f.type) ? [f.name, f.value, f.checked] : [f.name, f.value, null]);
  const snapshot = (form) => held(form).map((f) => [...state(f), typed(f)]);
  const same = (one, other) => JSON.stringify(one.filter((f) => f[3])) === JSON.stringify(other.filter((f) => f[3]));

  function write(form, fields) {
    if (!person) { return; }
    const kept = { id: form.dataset.escpKeptAs, at: Date.now(), fields: fields };
    try { window.sessionStorage.setItem(key(form), JSON.stringify(kept)); } catch (full) { /* nothing more can be done */ }
  }
  const keep = (form) => write(form, snapshot(form));
  const forget = (form) => window.sessionStorage.removeItem(key(form));

  /* The server answers what it stored with a cookie that names the copy: it goes, on whichever page that is noticed. */
  function forgetStored() {
    for (const cookie of document.cookie.split("; ")) {
      const found = /^escp-stored-([a-z0-9]{16})=/.exec(cookie);
      if (!found) { continue; }
      for (const name of Object.keys(window.sessionStorage).filter((n) => n.startsWith(PREFIX))) {
        if (JSON.parse(window.sessionStorage.getItem(name)).id === found[1]) { window.sessionStorage.removeItem(name); }
      }
      document.cookie = "escp-stored-" + found[1] + "=; Max-Age=0; Path=/; SameSite=Lax";
    }
  }

  function put(form, fields) {
    const seen = new Map();
    for (const [name, value, checked] of fields) {
      const of = checked === null ? name : name + "=" + value;
      const place = seen.get(of) || 0;
      seen.set(of, place + 1);
      const found = held(form).filter((f) => f.name === name && (checked === null || f.value === value))[place];
      if (!found) {  /* a row that this page does not show: it is sent along with the rest */
        if (value && checked !== false) { form.append(Object.assign(document.createElement("input"), { type: "hidden", name: name, value: value })); }
      } else if (checked === null) { found.value = value; } else { found.checked = checked; }
    }
  }

  /* Is every text that was kept on the page already? Blanks at the ends are the server's to take away. */
  function contains(before, fields) {
    const there = new Map();
    const of = ([name, value, checked]) => name + "=" + value.replace(/\r\n?/g, "\n").normalize("NFC").trim() + "=" + checked;
    for (const f of before) { there.set(of(f), (there.get(of(f)) || 0) + 1); }
    return fields.filter((f) => f[3] && (f[2] === null ? f[1].trim() : f[2])).every((f) => {
      const count = there.get(of(f)) || 0;
      there.set(of(f), count - 1);
      return count > 0;
    });
  }

  function restore(form) {
    const stored = window.sessionStorage.getItem(key(form));
    if (!stored) { return; }
    if ("escpAnswer" in document.body.dataset) { keep(form); return; }  /* it shows what was sent, and why it was not stored */
    const kept = JSON.parse(stored), before = snapshot(form);
    if (contains(before, kept.fields)) { forget(form); return; }
    put(form, kept.fields);
    form.dataset.escpTyped = "1";
    form.prepend(told(form, before));
    form.dispatchEvent(new Event("escp-shown"));
  }

  /* Says that text came back, and lets it be thrown away: what the server has then stands in the form again. */
  function told(form, before) {
    const words = document.body.dataset;
    const box = document.createElement("div");
    box.className = "escp-notice escp-notice--info";
    const text = document.createElement("p");
    text.textContent = words.escpKeptBack;
    const button = Object.assign(document.createElement("button"), { type: "button", className: "escp-plain-button", textContent: words.escpKeptAway });
    button.addEventListener("click", () => { put(form, before); forget(form); box.remove(); });
    box.append(text, button);
    const live = document.getElementById("live");
    if (live) { live.textContent = words.escpKeptBack; }
    return box;
  }

  const random = () => Array.from(window.crypto.getRandomValues(new Uint8Array(16)), (n) => (n % 36).toString(36)).join("");

  /* Stepping back, a browser puts into the fields what stood there when they were left, saved or not: that copy is
     dropped, and the page stands as the server gave it. What was typed and not saved is in the copy of ours. */
  const steppedBack = () => window.performance.getEntriesByType("navigation").some((entry) => entry.type === "back_forward");

  function drop(form) {
    const before = form.getAttribute("autocomplete");
    form.setAttribute("autocomplete", "off");  /* some browsers fill in later than this, others have done so already */
    form.reset();
    form.dispatchEvent(new Event("escp-shown"));
    window.addEventListener("pageshow", () => { if (before === null) { form.removeAttribute("autocomplete"); } else { form.setAttribute("autocomplete", before); } });
  }

  function start(form) {
    form.dataset.escpKeptAs = random();
    if (steppedBack()) { drop(form); }
    restore(form);
    let waiting;
    const soon = () => { window.clearTimeout(waiting); waiting = window.setTimeout(() => keep(form), 250); };
    form.addEventListener("input", () => { form.dataset.escpTyped = "1"; delete form.dataset.escpSent; soon(); });
    window.addEventListener("pagehide", () => { if (form.dataset.escpTyped && !form.dataset.escpSent) { keep(form); } });
    form.addEventListener("submit", () => {
      const mark = form.querySelector("input[name=kept_as]") || Object.assign(document.createElement("input"), { type: "hidden", name: "kept_as" });
      mark.value = form.dataset.escpKeptAs;
      form.append(mark);
      form.dataset.escpSent = "1";
      window.clearTimeout(waiting);
      keep(form);
    });
  }

  window.escpKeep = {
    keep: keep,
    snapshot: snapshot,
    /* After a save while typing: forget what is stored; what was typed since then is kept with its new versions. */
    saved(form, sent) {
      if (!sent || !same(sent, snapshot(form))) { keep(form); return; }
      forget(form);
      delete form.dataset.escpTyped;
    },
  };
  if (!person || !window.sessionStorage) { return; }
  forgetStored();
  forms.forEach(start);
  window.addEventListener("pageshow", (event) => {  /* a page that was only set aside shows what was stored before it was sent */
    if (event.persisted && forms.some((form) => form.dataset.escpSent)) { window.location.reload(); }
  });
  for (const form of document.querySelectorAll("form[action$='/sign-out']")) {
    form.addEventListener("submit", () => Object.keys(window.sessionStorage).filter((n) => n.startsWith(PREFIX)).forEach((n) => window.sessionStorage.removeItem(n)));
  }
}());
