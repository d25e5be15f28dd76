/* Two minutes before a sign-in ends: a notice with a button. The server is asked first, without prolonging anything,
   because another tab may have been used since. app.js fetches this when that time has come. Without this script the sign-in ends as announced, and what is sent
   afterwards comes back after signing in again. */
(function () {
  "use strict";

  const BEFORE = 120;  /* seconds */
  const notice = document.getElementById("sign-in-ends");
  const text = notice.querySelector("p"), form = notice.querySelector("form");
  const live = document.getElementById("live");
  let timer;

  const after = (seconds, act) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(act, Math.min(Math.max(seconds, 1) * 1000, 2 ** 31 - 1));
  };

  function show(words, withButton) {
    if (text.textContent === words && !notice.hidden) { return; }
    text.textContent = words;
    form.hidden = !withButton;
    notice.hidden = false;
    live.textContent = words;
  }

  function hide() {
    const had = notice.contains(document.activeElement);
    notice.hidden = true;
    text.textContent = "";
    if (had) { document.getElementById("main").focus({ preventScroll: true }); }
  }

  function wait(state) {
    if (state.seconds > BEFORE) {
      hide();
      after(state.seconds - BEFORE, ask);
    } else {
      show(state.longer ? notice.dataset.soon : notice.dataset.last, state.longer);
      after(Math.min(state.seconds + 1, 30), ask);
    }
  }

  async function answer(address, options) {
    const got = await window.fetch(address, { redirect: "manual", cache: "no-store", headers: { Accept: "application/json" }, ...options });
    return got.ok && (got.headers.get("Content-Type") || "").includes("json") ? got.json() : null;
  }

  async function ask() {
    try {
      const state = await answer(notice.dataset.ask, {});
      if (state) { wait(state); } else { show(notice.dataset.ended, false); }
    } catch (unreachable) { after(30, ask); }
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const state = await answer(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      if (!state) { show(notice.dataset.ended, false); return; }
      live.textContent = notice.dataset.stayed;
      wait(state);
    } catch (unreachable) { after(5, ask); }
  });

  ask();
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { ask(); } });  /* a laptop that slept */
}());
