/* The form that is taken off line: counts, keeps and saves. It stands in its page whole and asks nothing of any server. */
(function () {
  "use strict";

  const form = document.getElementById("answers");
  const state = document.getElementById("state");
  const all = (selector, within) => Array.from((within || form).querySelectorAll(selector));
  const store = "escp-off-line-" + form.dataset.application;
  const question = (name) => name.replace(/^q_/, "").replace(/-.*/, "");

  /* -- what stands in the form ---------------------------------------------------------------------------------- */

  function rowsOf(box) {
    const rows = [];
    all("[name]", box).forEach((control) => {
      const found = /^q_.+?-(\d+)-c_(.+)$/.exec(control.name);
      if (!found || (control.type === "radio" && !control.checked)) { return; }
      const at = Number(found[1]);
      rows[at] = rows[at] || {};
      rows[at][found[2]] = control.value;
    });
    return rows.filter((row) => row && Object.values(row).some((cell) => cell.trim()));
  }

  function valueOf(box) {
    if (box.hasAttribute("data-rows")) { return rowsOf(box); }
    const controls = all("[name]", box);
    const boxes = controls.filter((control) => control.type === "checkbox");
    if (boxes.length) { return boxes.filter((one) => one.checked).map((one) => one.value); }
    const radios = controls.filter((control) => control.type === "radio");
    if (radios.length) { return (radios.find((one) => one.checked) || { value: "" }).value; }
    return controls.length ? controls[0].value : "";
  }

  function answers() {
    const made = { format: "escp-s3-answers", version: 1, application: form.dataset.application, basics: {}, was: {}, answers: {}, numbers: {} };
    all("[data-was]").forEach((hidden) => {
      const id = question(hidden.dataset.was);
      made.was[id] = hidden.value;
      const controls = all('[data-part="basics"] [name="' + hidden.dataset.was + '"]');
      made.basics[id] = controls[0].type === "radio" ? (controls.find((one) => one.checked) || { value: "" }).value : controls[0].value;
    });
    all("[data-question]").forEach((box) => {
      made.answers[box.dataset.question] = valueOf(box);
      if (Number(box.dataset.number)) { made.numbers[box.dataset.question] = Number(box.dataset.number); }
    });
    return made;
  }

  /* -- rows ----------------------------------------------------------------------------------------------------- */

  function addRow(box) {
    const groups = all("fieldset fieldset", box);
    const last = groups[groups.length - 1];
    const copy = last.cloneNode(true);
    const at = groups.length;
    const renumber = (text) => text.replace(/^(q_.+?-)\d+/, "$1" + at);
    [copy].concat(all("*", copy)).forEach((element) => {
      ["id", "name", "for", "aria-describedby", "data-escp-counter"].forEach((key) => {
        if (element.hasAttribute(key)) { element.setAttribute(key, renumber(element.getAttribute(key))); }
      });
      if (element.matches("input[type=radio], input[type=checkbox]")) { element.checked = false; } else if (element.matches("input, textarea, select")) { element.value = ""; }
    });
    copy.querySelector("legend").textContent = form.dataset.row.replace("{n}", String(at + 1));
    last.after(copy);
    return copy;
  }

  all("[data-add]").forEach((button) => button.addEventListener("click", () => {
    addRow(button.closest("[data-rows]")).querySelector("input, select, textarea").focus();
  }));

  /* -- filling in what was kept ---------------------------------------------------------------------------------- */

  function put(controls, value) {
    controls.forEach((control) => {
      if (control.type === "checkbox") { control.checked = value.includes(control.value); } else if (control.type === "radio") { control.checked = control.value === value; } else { control.value = value; }
    });
  }

  function fill(kept) {
    Object.entries(kept.basics).forEach(([id, value]) => put(all('[data-part="basics"] [name="q_' + id + '"]'), value));
    all("[data-question]").forEach((box) => {
      const value = kept.answers[box.dataset.question];
      if (value === undefined) { return; }
      if (!box.hasAttribute("data-rows")) { put(all("[name]", box), value); return; }
      while (all("fieldset fieldset", box).length < value.length) { addRow(box); }
      all("[name]", box).forEach((control) => {
        const found = /^q_.+?-(\d+)-c_(.+)$/.exec(control.name);
        const row = value[Number(found[1])] || {};
        put([control], row[found[2]] || "");
      });
    });
    all("textarea, input").forEach((control) => control.dispatchEvent(new Event("escp-shown")));
  }

  /* -- keeping -------------------------------------------------------------------------------------------------- */

  const clock = () => new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  let resting;

  function keep() {
    try {
      window.localStorage.setItem(store, JSON.stringify(answers()));
      state.textContent = form.dataset.kept.replace("{time}", clock());
    } catch (_refused) {
      state.textContent = form.dataset.unkept;
    }
  }

  form.addEventListener("input", () => {
    window.clearTimeout(resting);
    resting = window.setTimeout(keep, 400);
  });
  window.addEventListener("pagehide", keep);

  /* -- files ---------------------------------------------------------------------------------------------------- */

  document.getElementById("save").addEventListener("click", () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(answers(), null, 1)], { type: "application/json" }));
    link.download = form.dataset.file;
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    keep();
  });

  document.getElementById("load").addEventListener("change", (event) => {
    const chosen = event.target.files[0];
    if (!chosen) { return; }
    chosen.text().then((text) => {
      const kept = JSON.parse(text);
      if (kept.application !== form.dataset.application) { throw new Error("another form"); }
      fill(kept);
      keep();
    }).catch(() => { state.textContent = form.dataset.wrong; });
  });

  /* -- counters: code points after NFC, a newline as one, as the service counts --------------------------------- */

  const count = (text) => Array.from(text.replace(/\r\n?/g, "\n").normalize("NFC")).length;

  all("[data-escp-counter]").forEach((box) => {
    const control = document.getElementById(box.dataset.escpCounter);
    const limit = Number(control.dataset.escpLimit);
    const show = () => {
      const left = limit - count(control.value);
      const one = Math.abs(left) === 1;
      const key = left < 0 ? (one ? "overOne" : "over") : (one ? "leftOne" : "left");
      box.textContent = box.dataset[key].replace("{n}", String(Math.abs(left))).replace("{limit}", String(limit));
      box.classList.toggle("escp-counter--over", left < 0);
    };
    control.addEventListener("input", show);
    control.addEventListener("escp-shown", show);
  });

  let before = null;
  try { before = JSON.parse(window.localStorage.getItem(store)); } catch (_refused) { before = null; }
  if (before && before.application === form.dataset.application) { fill(before); }
  form.addEventListener("submit", (event) => event.preventDefault());
}());
