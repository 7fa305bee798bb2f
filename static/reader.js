// Keys and full screen of the page viewer. Every act has a link; without this file only the keys are gone.
"use strict";
(() => {
 const KEY = "vankho.keys";
 const off = () => { try { return localStorage.getItem(KEY) === "off"; } catch { return false; } };
 const button = (text, act) => {
  const made = document.createElement("button");
  made.type = "button"; made.className = "btn txt"; made.textContent = text;
  made.addEventListener("click", act);
  return made;
 };
 // Single keys can be turned off (WCAG 2.1.4): speech and shaking hands type what nobody meant.
 const place = document.querySelector("[data-keys-off]");
 if (place) {
  const told = () => (off() ? place.dataset.keysOn : place.dataset.keysOff);
  const turn = button(told(), () => {
   try { off() ? localStorage.removeItem(KEY) : localStorage.setItem(KEY, "off"); } catch {}
   turn.textContent = told();
  });
  place.append(turn);
 }
 const scan = document.querySelector("[data-reader]");
 const full = () => { document.fullscreenElement ? document.exitFullscreen() : scan?.requestFullscreen(); };
 if (scan && scan.requestFullscreen) document.querySelector(".viewing")?.append(button(scan.dataset.full, full));
 document.addEventListener("keydown", (event) => {
  if (off() || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
  if (event.target.closest("input,textarea,select,[contenteditable],[tabindex='0'].large")) return;
  if (event.key === "f" && scan) return full();
  const link = document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`);
  if (link) { event.preventDefault(); link.click(); }
 });
})();
