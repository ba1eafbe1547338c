// What the page does better with a script: search as one types, suggestions, keys. Without it every link and form works
// as it stands; nothing here knows how a search is written or a hit looks. It asks the server for the changed part of
// the page (`fragment`), and the address always says what is shown, so that back, reload and a sent link do as expected.

const root = new URL("..", import.meta.url); // the script is at <root>/static/page.js
const form = document.getElementById("search");
const field = document.getElementById("q");
const status = document.getElementById("status");
const live = () => document.getElementById("live");

const TYPING_PAUSE = 140; // ms without a key after which one has paused
const TELLING_PAUSE = 700; // ms after which a screen reader is told the count

// --- Showing a search without leaving the page ---

let underway = null; // the one request whose answer is still wanted
let shown = location.search; // what the page shows
let typed = false; // whether the newest entry of the history is one that typing made
let telling = 0;

function formAddress() {
  const address = new URL(form.action);
  for (const [name, value] of new FormData(form)) {
    if (value.trim() !== "") address.searchParams.append(name, value);
  }
  return address;
}

async function show(address, { typing = false } = {}) {
  underway?.abort();
  const request = (underway = new AbortController());
  const asked = new URL("fragment", root);
  asked.search = address.search;
  if (typing) asked.searchParams.set("typing", "1");
  live().classList.add("waiting");
  try {
    const answer = await fetch(asked, { signal: request.signal, headers: { Accept: "text/html" } });
    if (!answer.headers.get("Content-Type")?.startsWith("text/html")) throw new Error(`status ${answer.status}`);
    const html = await answer.text();
    if (request.signal.aborted) return false;
    replaceLive(html, typing);
    shown = address.search;
    return true;
  } catch (error) {
    if (error.name === "AbortError") return false;
    live().classList.remove("waiting");
    tell("The search could not be asked; please try again.");
    throw error;
  } finally {
    if (underway === request) underway = null;
  }
}

function replaceLive(html, typing) {
  const old = live();
  const parsed = new DOMParser().parseFromString(html, "text/html").getElementById("live");
  if (parsed === null) throw new Error("no fragment in the answer");
  const held = old.contains(document.activeElement) ? mark(document.activeElement) : null;
  const open = [...old.querySelectorAll("details[open]")].map((one) => one.id);
  const sheet = isSheetOpen();
  const fresh = document.importNode(parsed, true);
  old.replaceWith(fresh);
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (sheet) document.getElementById("filters")?.showPopover?.();
  if (held !== null) (find(fresh, held) ?? document.getElementById("results")).focus({ preventScroll: true });
  document.title = fresh.dataset.title;
  clearTimeout(telling);
  telling = setTimeout(() => tell(fresh.dataset.status), typing ? TELLING_PAUSE : 50);
}

const isSheetOpen = () => document.getElementById("filters")?.matches?.(":popover-open") ?? false;

// What has the focus, so that the same thing of the next answer can get it.
function mark(element) {
  const { key } = element.dataset;
  if (key !== undefined) return `[data-key="${CSS.escape(key)}"]`;
  if (element.id !== "") return `#${CSS.escape(element.id)}`;
  return element.name ? `[name="${CSS.escape(element.name)}"]` : "#results";
}

const find = (fresh, selector) => fresh.querySelector(selector);

function tell(text) {
  status.textContent = text;
}

async function go(address, { top = false } = {}) {
  typed = false;
  // A key can both change a field and send the form; that is one step.
  if (address.href !== location.href) history.pushState({ live: true }, "", address);
  try {
    if (!(await show(address))) return;
    field.value = live().dataset.text;
    if (top) {
      scrollTo({ top: 0 });
      document.getElementById("results").focus({ preventScroll: true });
    }
  } catch {
    location.assign(address); // the browser says it better
  }
}

if (live() !== null) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-live]");
    if (link === null || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    // Inside a drawing a link's address is an object of its own.
    const address = new URL(link.getAttribute("href"), location.href);
    go(address, { top: link.closest(".pages") !== null });
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(pause);
    closeSuggestions();
    go(formAddress(), { top: document.activeElement === field && matchMedia("(width < 52rem)").matches });
  });

  document.addEventListener("change", (event) => {
    if (event.target.form === form && event.target !== field) go(formAddress());
  });

  addEventListener("popstate", async () => {
    typed = false;
    clearTimeout(pause);
    closeSuggestions();
    field.value = new URL(location.href).searchParams.get("q") ?? "";
    if (location.search === shown) {
      // A place within the page, or back before the answer came.
      underway?.abort();
      live().classList.remove("waiting");
      return;
    }
    try {
      await show(new URL(location.href));
    } catch {
      location.reload();
    }
  });
}

// --- While one types ---

let pause = 0;

field.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(() => {
    suggest();
    if (live() === null) return; // on an article's page the result waits for Enter
    const address = formAddress();
    // One entry of the history for all that is typed in one go.
    history[typed ? "replaceState" : "pushState"]({ live: true }, "", address);
    typed = true;
    show(address, { typing: true }).catch(() => {});
  }, TYPING_PAUSE);
});

field.addEventListener("blur", () => {
  typed = false;
});

// --- Suggestions: a combobox with a listbox, as the ARIA Authoring Practices have it ---

const list = document.getElementById("suggestions");
let suggesting = null;
let chosen = -1;

field.setAttribute("role", "combobox");
field.setAttribute("aria-autocomplete", "list");
field.setAttribute("aria-controls", "suggestions");
field.setAttribute("aria-expanded", "false");

async function suggest() {
  suggesting?.abort();
  const prefix = field.value.slice(0, 300);
  if (!/[\p{L}\p{N}]$/u.test(prefix) || field.selectionStart !== field.value.length) return closeSuggestions();
  const request = (suggesting = new AbortController());
  const asked = new URL("api/suggest", root);
  asked.searchParams.set("prefix", prefix);
  asked.searchParams.set("limit", "6");
  try {
    const answer = await fetch(asked, { signal: request.signal, headers: { Accept: "application/json" } });
    if (!answer.ok) return closeSuggestions();
    const { completions } = await answer.json();
    if (request.signal.aborted || document.activeElement !== field || field.value !== prefix) return;
    offer(completions.values.filter((one) => completed(prefix, one) !== prefix));
  } catch (error) {
    if (error.name !== "AbortError") closeSuggestions(); // one can search without
  }
}

function offer(values) {
  list.replaceChildren(
    ...values.map((one, number) => {
      const option = document.createElement("li");
      option.id = `suggestion-${number}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      const text = document.createElement("bdi");
      text.textContent = one.text;
      const kind = document.createElement("span");
      kind.className = "kind";
      kind.textContent = `${one.kind === "word" ? "" : `${one.kind}, `}${one.count.toLocaleString("en")}`;
      option.append(text, kind);
      option.dataset.value = completed(field.value, one);
      return option;
    }),
  );
  chosen = -1;
  list.hidden = values.length === 0;
  field.setAttribute("aria-expanded", String(!list.hidden));
  field.removeAttribute("aria-activedescendant");
}

// What is typed, with a completion in place of what it completes. A word comes with the words before it, a name as the
// archive has it: it takes the place of all words at the end that it has.
function completed(text, { text: full, kind }) {
  if (kind === "word") {
    const before = text.replace(/[\p{L}\p{N}\p{M}]+$/u, "");
    return full.startsWith(before) ? full : before + full;
  }
  const words = text.split(/(\s+)/u);
  let kept = words.length - 1;
  while (kept >= 2 && full.toLowerCase().includes(words.slice(kept - 2).join("").toLowerCase())) kept -= 2;
  return `${words.slice(0, kept).join("")}${kind}:"${full.replaceAll('"', "")}"`;
}

function closeSuggestions() {
  suggesting?.abort();
  list.hidden = true;
  chosen = -1;
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
}

function choose(number) {
  const options = [...list.children];
  chosen = (number + options.length + 1) % (options.length + 1);
  if (chosen === options.length) chosen = -1;
  options.forEach((option, at) => option.setAttribute("aria-selected", String(at === chosen)));
  if (chosen < 0) return field.removeAttribute("aria-activedescendant");
  field.setAttribute("aria-activedescendant", options[chosen].id);
  options[chosen].scrollIntoView({ block: "nearest" });
}

function take(option) {
  clearTimeout(pause);
  field.value = option.dataset.value;
  closeSuggestions();
  if (live() === null) form.requestSubmit();
  else go(formAddress());
}

field.addEventListener("keydown", (event) => {
  if (event.isComposing || list.hidden) return;
  if (event.key === "ArrowDown") choose(chosen + 1);
  else if (event.key === "ArrowUp") choose(chosen < 0 ? list.children.length - 1 : chosen - 1);
  else if (event.key === "Enter" && chosen >= 0) take(list.children[chosen]);
  else if (event.key === "Escape") closeSuggestions();
  else return;
  event.preventDefault();
});

field.addEventListener("blur", closeSuggestions);
list.addEventListener("pointerdown", (event) => {
  event.preventDefault(); // the field keeps the focus
  const option = event.target.closest("li");
  if (option !== null) take(option);
});

// --- Keys ---

const help = document.getElementById("help");
const keysOn = document.getElementById("keys-on");
const OFF = "newsearch-keys-off";

function remembered() {
  try {
    return localStorage.getItem(OFF) === null;
  } catch {
    return true; // a browser that keeps nothing
  }
}

function remember() {
  try {
    if (keysOn.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  } catch {
    // It holds for this page, then.
  }
}

keysOn.checked = remembered();
keysOn.addEventListener("change", remember);
document.querySelector(".keys").hidden = false;
document.getElementById("help-open").addEventListener("click", () => help.showModal());

function step(by) {
  const titles = [...document.querySelectorAll(".hit .title, .refs .ref-title")].filter((one) => one.checkVisibility());
  if (titles.length === 0) return;
  const at = titles.indexOf(document.activeElement);
  const next = at < 0 ? (by > 0 ? 0 : titles.length - 1) : Math.min(Math.max(at + by, 0), titles.length - 1);
  titles[next].focus({ focusVisible: true });
  titles[next].scrollIntoView({ block: "nearest" });
}

const KEYS = {
  "/": () => {
    field.focus();
    field.select();
  },
  j: () => step(1),
  k: () => step(-1),
  o: () => (document.activeElement.closest(".hit") ?? document.querySelector(".full"))?.querySelector(".out")?.click(),
  "?": () => help.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || help.open || isSheetOpen()) return;
  if (event.target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]")) return;
  if (!keysOn.checked || !Object.hasOwn(KEYS, event.key)) return;
  event.preventDefault();
  KEYS[event.key]();
});
