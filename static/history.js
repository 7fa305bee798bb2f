// What was looked at on this device: kept by this browser once its reader has said so, never sent. Which records may be
// kept is said by their pages: those that everyone may read.
"use strict";
(() => {
 const ON = "vankho.history.on", LIST = "vankho.history", MOST = 100, DAYS = 30;
 const get = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
 const put = (key, value) => { try { value === null ? localStorage.removeItem(key) : localStorage.setItem(key, value); } catch {} };
 const on = () => get(ON) === "yes";
 const whole = (one) => typeof one?.title === "string" && /^\/t\/[a-z2-7]{26}$/.test(one.url) && Date.now() - one.at < DAYS * 864e5;
 const read = () => { try { return JSON.parse(get(LIST) || "[]").filter(whole); } catch { return []; } };
 const seen = document.querySelector("[data-looked-at]");
 if (seen && on()) {
  const { lookedAt: url, lookedTitle: title, lookedKind: kind } = seen.dataset;
  put(LIST, JSON.stringify([{ url, title, kind, at: Date.now() }, ...read().filter((one) => one.url !== url)].slice(0, MOST)));
 }
 const place = document.querySelector("[data-history]");
 if (!place) return;
 const words = place.dataset, list = place.querySelector("ul"), told = place.querySelector("[role=status]");
 const [turn, clear] = place.querySelectorAll("button");
 const made = (name, text, ...inside) => {
  const element = document.createElement(name);
  element.append(text, ...inside);
  return element;
 };
 const show = () => {
  const kept = read();
  list.replaceChildren(...kept.map((one) => {
   const day = new Date(one.at).toLocaleDateString(words.language);
   const link = made("a", made("span", one.title, " ", made("small", one.kind || "")), made("i", ""), made("small", day));
   link.href = one.url;
   return made("li", link);
  }));
  told.textContent = kept.length ? "" : on() ? words.empty : words.emptyOff;
  turn.textContent = on() ? words.turnOff : words.turnOn;
  clear.hidden = !kept.length;
 };
 turn.addEventListener("click", () => { put(LIST, null); put(ON, on() ? null : "yes"); show(); });
 clear.addEventListener("click", () => { put(LIST, null); show(); turn.focus(); });
 place.hidden = false;
 show();
})();
