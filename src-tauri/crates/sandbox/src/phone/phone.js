"use strict";
// The practice phone. One loop asks what changed and draws it again; whatever comes from outside is set as text.
const words = "{{words}}";
const lang = document.documentElement.lang;
const $ = (id) => document.getElementById(id);
const say = (key, gaps = {}) =>
  (words[key] ?? words.failed).replace(/\{(\w+)\}/g, (_, gap) => gaps[gap] ?? "");
const clock = new Intl.DateTimeFormat(lang, { hour: "2-digit", minute: "2-digit" });
const calendar = new Intl.DateTimeFormat(lang, { weekday: "long", day: "numeric", month: "long" });
const shortDay = new Intl.DateTimeFormat(lang, { day: "numeric", month: "short" });
const TICKS = { delivered: "M1 6.5 4 9.5 10 2.5M7 9l.6.5L14 2.5", read: "M1 6.5 4 9.5 10 2.5M7 9l.6.5L14 2.5" };

let shop = null;
let chosen = null; // The number of the customer whose conversation is open.
let drawn = "";
let seconds = null;
let lettersSeconds = null;

const make = (tag, className, text) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};

/** Which of the shop's numbers this phone is. */
const device = new URLSearchParams(location.search).get("device") ?? "0";

/** The address of a call about it. */
function at(path) {
  const url = new URL(`/phone/api/${path}`, location.origin);
  url.searchParams.set("device", device);
  return url;
}

async function call(path, body) {
  const options = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  if (body !== undefined) options.headers = { "content-type": "application/json" };
  const answer = await fetch(at(path), { ...options, cache: "no-store" });
  const told = await answer.json();
  if (!answer.ok) throw Object.assign(new Error("declined"), { code: told.code ?? "failed" });
  return told;
}

function notice(key) {
  $("notice").hidden = !key;
  $("notice").textContent = key ? say(key) : "";
}

async function act(path, body) {
  try {
    const told = await call(path, body);
    notice(null);
    return told;
  } catch (error) {
    const code = error.code ?? "away";
    notice(code in words ? code : "failed");
    return null;
  } finally {
    await draw();
  }
}

// Twelve steady tints, by the last digits of the number.
const hue = (number) => ((Number(number.slice(-2)) * 5 + number.length) % 12) * 30;
const initials = (name) =>
  name.split(/\s+/).filter((word) => /^\p{Lu}/u.test(word)).slice(0, 2).map((word) => [...word][0]).join("");

function face(element, name, number) {
  element.textContent = initials(name);
  element.style.setProperty("--hue", hue(number));
  return element;
}

function dayOf(at) {
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 864e5);
  return days === 0 ? say("today") : days === 1 ? say("yesterday") : calendar.format(at);
}

function drawShop() {
  const open = chosen !== null;
  $("back").hidden = !open;
  $("menu-button").hidden = open || !shop.linked;
  $("link").hidden = shop.linked || open;
  $("people").hidden = open;
  $("talk").hidden = !open;
  $("subtitle").className = shop.linked && !open ? "on" : "";
  if (!open) {
    face($("face"), shop.shop.name, shop.shop.number);
    $("title").textContent = shop.shop.name;
    $("subtitle").textContent = `+${shop.shop.number} · ${say(shop.linked ? "linked" : "not_linked_yet")}`;
  }
  seconds = shop.code_seconds;
  lettersSeconds = shop.letters_seconds;
  drawCode();
}

function drawCode() {
  $("scan").disabled = seconds === null;
  $("link-hint").textContent = seconds === null ? say("code_missing") : say("code_ready", { seconds });
  $("letters-hint").textContent = lettersSeconds === null ? say("letters_missing") : say("letters_ready", { seconds: lettersSeconds });
  $("scan").hidden = $("letters-form").hidden = $("letters-hint").hidden = $("link-hint").hidden = shop.passkey_wanted;
  $("passkey").hidden = !shop.passkey_wanted;
  $("link-words").textContent = say(shop.passkey_wanted ? "passkey_words" : "link_words");
}

const summary = (last) => {
  if (!last) return "";
  const said = last.text ?? "";
  const shown = last.kind === "image" ? [say("photo"), said].filter(Boolean).join(": ") : said;
  return last.mine ? `${say("you")}: ${shown}` : shown;
};

function row(customer) {
  const button = make("button", customer.unread ? "row new" : "row");
  button.type = "button";
  button.dataset.number = customer.number;
  const lines = make("span", "lines");
  lines.append(make("span", "name", customer.name), make("span", "last", summary(customer.last)));
  const side = make("span", "side");
  if (customer.last) {
    const today = new Date(customer.last.at).toDateString() === new Date().toDateString();
    side.append(make("span", "", (today ? clock : shortDay).format(customer.last.at)));
  }
  if (customer.unread) {
    const count = make("span", "count", String(customer.unread));
    count.setAttribute("aria-label", say("unread", { count: customer.unread }));
    side.append(count);
  }
  button.append(face(make("span", "face"), customer.name, customer.number), lines, side);
  button.addEventListener("click", () => choose(customer.number));
  const item = make("li");
  item.append(button);
  return item;
}

function tick(kind) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 16 12");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", say(kind));
  svg.setAttribute("class", kind);
  path.setAttribute("d", TICKS[kind]);
  svg.append(path);
  return svg;
}

function bubble(message, before) {
  const item = make("li", `bubble${message.mine ? " mine" : ""}${before?.mine === message.mine ? " same" : ""}`);
  item.dataset.id = message.id;
  if (message.picture) {
    item.classList.add("pictured");
    const image = make("img");
    image.alt = message.text ?? say("photo");
    image.src = at(`media/${encodeURIComponent(message.picture)}`).href;
    item.append(image);
  }
  if (message.text) item.append(make("span", "words", message.text));
  const end = make("span", "end", clock.format(message.at));
  if (message.mine && message.tick in TICKS) end.append(tick(message.tick));
  item.append(end);
  return item;
}

function drawTalk(talk) {
  face($("face"), talk.name, talk.number);
  $("title").textContent = talk.name;
  $("subtitle").textContent = say("customer_of", { shop: shop.shop.name });
  $("text").placeholder = say("write", { name: talk.name });
  $("text").setAttribute("aria-label", $("text").placeholder);
  const list = $("messages");
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60 || !list.childElementCount;
  const items = [];
  talk.messages.forEach((message, place) => {
    const before = talk.messages[place - 1];
    const day = dayOf(message.at);
    const newDay = !before || dayOf(before.at) !== day;
    if (newDay) items.push(make("li", "day", day));
    items.push(bubble(message, newDay ? undefined : before));
  });
  list.replaceChildren(...items);
  if (atEnd) list.scrollTop = list.scrollHeight;
}

async function draw() {
  shop = await call("state");
  const number = chosen;
  if (number !== null && !document.hidden) await call(`customers/${number}/read`, {});
  const shown = number === null ? await call("customers") : await call(`customers/${number}`);
  if (number !== chosen) return;
  drawShop();
  const picture = JSON.stringify(shown);
  if (picture === drawn) return;
  drawn = picture;
  if (number === null) drawPeople(shown.customers);
  else drawTalk(shown);
}

function drawPeople(customers) {
  const focused = document.activeElement?.dataset?.number;
  $("people-list").replaceChildren(...customers.map(row));
  if (focused) $("people-list").querySelector(`[data-number="${focused}"]`)?.focus();
}

async function choose(number) {
  const left = chosen;
  chosen = number;
  drawn = "";
  notice(null);
  $("messages").replaceChildren();
  $("text").value = "";
  closeMenu();
  await draw().catch(() => notice("away"));
  if (number !== null) $("text").focus();
  else $("people-list").querySelector(`[data-number="${left}"]`)?.focus();
}

function closeMenu() {
  $("menu").hidden = true;
  $("menu-button").setAttribute("aria-expanded", "false");
}

function name(id, key, visible) {
  if (visible) $(id).textContent = say(key);
  else $(id).setAttribute("aria-label", say(key));
}

function begin() {
  document.title = say("page");
  name("link-words", "link_words", true);
  name("scan", "scan", true);
  name("letters-label", "letters", true);
  name("letters-send", "letters_send", true);
  name("passkey", "passkey", true);
  name("people-title", "people", true);
  name("unlink", "unlink", true);
  for (const [id, key] of [["back", "back"], ["menu-button", "menu"], ["picture", "picture"], ["send", "send"], ["messages", "messages"]]) {
    name(id, key, false);
  }
  $("scan").addEventListener("click", () => act("scan", {}));
  $("letters-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const letters = $("letters").value.trim();
    if (letters && (await act("letters", { letters }))) $("letters").value = "";
  });
  $("passkey").addEventListener("click", () => act("passkey", {}));
  $("unlink").addEventListener("click", () => (closeMenu(), act("unlink", {})));
  $("back").addEventListener("click", () => choose(null));
  $("menu-button").addEventListener("click", () => {
    const opening = $("menu").hidden;
    $("menu").hidden = !opening;
    $("menu-button").setAttribute("aria-expanded", String(opening));
    if (opening) $("unlink").focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (!$("menu").hidden) (closeMenu(), $("menu-button").focus());
    else if (chosen !== null) choose(null);
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#menu, #menu-button")) closeMenu();
  });
  document.addEventListener("visibilitychange", () => document.hidden || draw().catch(() => notice("away")));
  $("picture").addEventListener("click", () => write({ picture: true }));
  $("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    write({});
  });
  setInterval(() => {
    if (seconds !== null) seconds = Math.max(0, seconds - 1);
    if (lettersSeconds !== null) lettersSeconds = Math.max(0, lettersSeconds - 1) || null;
    if (shop && !shop.linked) drawCode();
  }, 1000);
}

async function write(extra) {
  const text = $("text").value.trim();
  if (!text && !extra.picture) return;
  $("messages").scrollTop = $("messages").scrollHeight;
  if (await act(`customers/${chosen}/messages`, { text, ...extra })) $("text").value = "";
  $("text").focus();
}

async function follow() {
  let known = null;
  for (;;) {
    try {
      const { changes } = await call(known === null ? "changes" : `changes?since=${known}`);
      if ($("notice").textContent === say("away")) notice(null);
      if (changes !== known) await draw();
      known = changes;
    } catch {
      notice("away");
      known = null;
      await new Promise((again) => setTimeout(again, 2000));
    }
  }
}

begin();
follow();
