/* The form of a report that is taken off line: keeps what is typed and saves it as a file. It asks nothing of any server. */
(function () {
  "use strict";

  const form = document.getElementById("scores");
  const state = document.getElementById("state");
  const store = "escp-off-line-scores-" + form.dataset.assessment;
  const boxes = Array.from(form.querySelectorAll("[data-criterion]"));
  const names = ["points", "reasons", "note"];

  function typed() {
    const scores = {};
    boxes.forEach((box) => {
      const one = {};
      names.forEach((name) => { one[name] = box.querySelector("[name=" + name + "]").value; });
      scores[box.dataset.criterion] = one;
    });
    return { format: "escp-s3-scores", version: 1, assessment: form.dataset.assessment, numbers: JSON.parse(form.dataset.numbers), seal: form.dataset.seal, scores: scores };
  }

  const clock = () => new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  let resting;
  function keep() {
    try {
      window.localStorage.setItem(store, JSON.stringify(typed()));
      state.textContent = form.dataset.kept.replace("{time}", clock());
    } catch (_refused) {
      state.textContent = form.dataset.unkept;
    }
  }
  form.addEventListener("input", () => { window.clearTimeout(resting); resting = window.setTimeout(keep, 400); });
  form.addEventListener("submit", (event) => event.preventDefault());

  document.getElementById("save").addEventListener("click", () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(typed(), null, 1)], { type: "application/json" }));
    link.download = form.dataset.file;
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    keep();
  });

  /* What was kept goes on only in the same form: one taken later starts from newer scores. */
  let before = null;
  try { before = JSON.parse(window.localStorage.getItem(store)); } catch (_refused) { before = null; }
  if (before && before.seal === form.dataset.seal) {
    boxes.forEach((box) => names.forEach((name) => {
      const one = before.scores[box.dataset.criterion];
      if (one) { box.querySelector("[name=" + name + "]").value = one[name]; }
    }));
  }
}());
