"use strict";
// The clock and the silence go on counting between two writings of the page.
const body = document.body;
const pad = (value) => String(Math.floor(value)).padStart(2, "0");
function told(seconds) {
  const size = Math.abs(seconds);
  const days = Math.floor(size / 86400);
  const rest = pad((size % 86400) / 3600) + ":" + pad((size % 3600) / 60) + ":" + pad(size % 60);
  return "T" + (seconds < 0 ? "\u2212" : "+") + (days ? days + " d " : "") + rest;
}
function tick() {
  const now = Date.now();
  if (body.dataset.switch) {
    document.getElementById("clock").textContent = told((now - Date.parse(body.dataset.switch)) / 1000);
  }
  const age = (now - Date.parse(body.dataset.now)) / 1000;
  if (age > 3 * Number(body.dataset.every) + 5) {
    document.getElementById("age").textContent = "\u00b7 nobody has rewritten this page for " + Math.floor(age) + " s";
  }
  for (const live of document.querySelectorAll(".live[data-state=watching]")) {
    const silent = (now - Date.parse(live.dataset.updated)) / 1000;
    if (silent > Number(live.dataset.stale)) {
      live.textContent = "no news for " + Math.floor(silent) + " s";
      live.classList.add("other");
    }
  }
}
// What was opened stays open when the page reloads itself.
for (const [number, details] of document.querySelectorAll("details").entries()) {
  try {
    const known = sessionStorage.getItem("open-" + number);
    if (known !== null) details.open = known === "1";
    details.addEventListener("toggle", () => sessionStorage.setItem("open-" + number, details.open ? "1" : "0"));
  } catch { /* a browser that remembers nothing shows what the page says */ }
}
setInterval(tick, 1000);
tick();
