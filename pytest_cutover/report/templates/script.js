"use strict";
// Filters, copy buttons and the place in the URL. Without this script the page still shows it all.
const form = document.getElementById("filter");
const findings = Array.from(document.querySelectorAll(".f"));
const said = document.getElementById("said");

function addCopyButton(pre) {
  const button = document.createElement("button");
  const text = pre.textContent;
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  const side = pre.classList.contains("b") ? " for the baseline" : pre.classList.contains("d") ? " for the candidate" : "";
  button.setAttribute("aria-label", "Copy the command" + side);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      said.textContent = button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(pre);
      said.textContent = button.textContent = "Selected: press Ctrl+C";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
  pre.before(button);
}

// In a large report the candidate's command is left out where it is the baseline's with another URL.
function addCandidateCommand(finding) {
  const given = finding.querySelector(":scope > pre.c.b");
  if (!given || finding.querySelector(":scope > pre.c.d")) return;
  const { baseline, candidate } = document.getElementById("list").dataset;
  const made = document.createElement("pre");
  made.className = "c d";
  made.textContent = given.textContent.replaceAll(baseline, candidate);
  given.after(made);
}

// Buttons are made when a finding is opened: a thousand findings open fast that way.
function prepare(element) {
  addCandidateCommand(element);
  for (const pre of element.querySelectorAll("pre.c:not([data-ready])")) {
    pre.dataset.ready = "";
    addCopyButton(pre);
  }
}

function readHash() {
  const hash = location.hash.slice(1);
  const found = /^f-[0-9a-f]{8}$/.test(hash) && document.getElementById(hash);
  if (found) {
    if (form && found.hidden) { form.reset(); apply(); }
    found.open = true;
    found.scrollIntoView();
  } else if (/^e-[0-9]+$/.test(hash) && document.getElementById(hash)) {
    document.getElementById(hash).open = true;
    document.getElementById(hash).scrollIntoView();
  } else if (form && hash.includes("=")) {
    const wanted = new URLSearchParams(hash);
    for (const field of form.elements) if (field.name) field.value = wanted.get(field.name) || "";
    for (const finding of findings) if (finding.id === "f-" + wanted.get("open")) finding.open = true;
    apply();
  }
}

function writeHash() {
  const state = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value) state.set(name, value);
  const open = findings.find((finding) => finding.open && !finding.hidden);
  if (open) state.set("open", open.id.slice(2));
  history.replaceState(null, "", "#" + (state.size ? state : "findings"));
}

function apply() {
  const wanted = Object.fromEntries(new FormData(form));
  const words = wanted.q.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const finding of findings) {
    const data = finding.dataset;
    finding.text ??= finding.textContent.toLowerCase();
    const fits = (!wanted.endpoint || data.e === wanted.endpoint)
      && (!wanted.kind || data.k === wanted.kind)
      && (!wanted.state || data.s === wanted.state)
      && words.every((word) => finding.text.includes(word));
    finding.hidden = !fits;
    shown += fits;
  }
  document.getElementById("count").textContent = shown + " of " + findings.length + " findings shown";
}

if (form) {
  form.hidden = false;
  form.addEventListener("input", () => { apply(); writeHash(); });
  form.addEventListener("reset", () => setTimeout(() => { apply(); writeHash(); }));
  form.addEventListener("submit", (event) => event.preventDefault());
}
for (const finding of findings) {
  finding.addEventListener("toggle", () => { prepare(finding); writeHash(); });
}
prepare(document.getElementById("answer"));
prepare(document.getElementById("gates"));
addEventListener("hashchange", readHash);
addEventListener("beforeprint", () => {
  const visible = findings.filter((finding) => !finding.hidden);
  if (visible.length <= 50) for (const finding of visible) { prepare(finding); finding.open = true; }
});
readHash();
