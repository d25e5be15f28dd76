/* How much of a file is sent. The form works without this: it only sends the same form by itself and counts. What breaks
   off stores nothing and leaves the rest of the page as it was; the answer is the page the form would have led to. */
(function () {
  "use strict";

  function start(line) {
    const form = line.closest("form");
    const input = form.querySelector("input[type=file]");
    const button = form.querySelector("button");
    const bar = document.createElement("progress");
    const text = document.createElement("span");
    bar.max = 100;
    line.append(bar, " ", text);
    line.setAttribute("role", "status");

    function tell(words, percent) {
      line.hidden = false;
      bar.hidden = percent === null;
      if (percent !== null) { bar.value = percent; }
      if (text.textContent !== words) { text.textContent = words; }
    }

    function broken() {
      button.disabled = false;
      line.classList.add("escp-error");
      tell(line.dataset.broken, null);
    }

    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented || !input.files.length) { return; }
      event.preventDefault();
      const sending = new XMLHttpRequest();
      button.disabled = true;
      line.classList.remove("escp-error");
      tell(line.dataset.sending.replace("{percent}", "0"), 0);
      sending.upload.addEventListener("progress", (sent) => {
        if (!sent.lengthComputable) { return; }
        const percent = Math.floor(100 * sent.loaded / sent.total);
        tell(percent < 100 ? line.dataset.sending.replace("{percent}", String(percent)) : line.dataset.checking, percent);
      });
      sending.addEventListener("error", broken);
      sending.addEventListener("abort", broken);
      sending.addEventListener("timeout", broken);
      sending.addEventListener("load", () => { show(sending, line, button, broken); });
      sending.open("POST", form.action);
      sending.send(new FormData(form));
    });
  }

  /* Take over the card of this place alone: what is chosen or typed in the others stays. */
  function show(sending, line, button, broken) {
    const page = new DOMParser().parseFromString(sending.responseText, "text/html");
    const card = line.closest(".escp-card");
    const fresh = card && page.getElementById(card.id);
    if (!fresh) {
      if (sending.status < 400 && sending.responseURL) { window.location.assign(sending.responseURL); return; }
      broken();
      return;
    }
    const here = document.importNode(fresh, true);
    card.replaceWith(here);
    here.querySelectorAll("[data-escp-upload]").forEach(start);
    const error = here.querySelector(".escp-error[id]");
    const next = error ? here.querySelector("[aria-invalid]") : here.querySelector("a, button");
    if (next) { next.focus(); }
  }

  document.querySelectorAll("[data-escp-upload]").forEach(start);
}());
