// Compares a PDF with the fingerprint in the register, in the browser: the file is not sent anywhere.
//
// <form data-compare="SHA-256 SHA-256 …"> holds an input of type file and an element with role="status" that has the
// sentences as data: data-same, data-other, data-busy, data-failed. Without JavaScript the page shows the fingerprint.
"use strict";

const fingerprint = async (file) => {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
};

const compare = async (form, file) => {
  const status = form.querySelector('[role="status"]');
  const say = (outcome) => {
    status.dataset.outcome = outcome;
    status.textContent = status.dataset[outcome];
  };
  say("busy");
  try {
    const issued = form.dataset.compare.toLowerCase().split(/\s+/);
    say(issued.includes(await fingerprint(file)) ? "same" : "other");
  } catch {
    say("failed");
  }
};

// WebCrypto exists only on https and on this machine; without it the form stays hidden.
if (globalThis.crypto && crypto.subtle) {
  for (const form of document.querySelectorAll("form[data-compare]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", (event) => {
      const file = event.target.files && event.target.files[0];
      if (file) compare(form, file);
    });
  }
}
