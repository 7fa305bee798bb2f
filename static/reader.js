// Keys and full screen of the page viewer. Every act has a link; without this file only the keys are gone.
"use strict";
(() => {
 const KEY = "vankho.keys";
 const off = () => { try { return localStorage.getItem(KEY) === "off"; } catch { return false; } };
 // The buttons stand in the page from the start, unseen: what comes later moves nothing.
 const offer = (button, act) => {
  button.addEventListener("click", act);
  button.classList.remove("scripted");
 };
 // A large image begins at its hit where the style cannot say so; a region as other programs write it is one of ours.
 const from = document.querySelector(".large .from");
 if (from && !location.hash && !CSS.supports("scroll-initial-target", "nearest")) from.scrollIntoView();
 const toRegion = () => {
  const region = /^#xywh=[a-z0-9.,:]+$/.test(location.hash) && document.querySelector("[data-reader]");
  if (!region) return;
  const there = new URL(location);
  there.searchParams.set("xywh", there.hash.slice(6));
  there.hash = "anh";
  location.replace(there);
 };
 addEventListener("hashchange", toRegion);
 toRegion();
 // Single keys can be turned off (WCAG 2.1.4): speech and shaking hands type what nobody meant.
 const turn = document.querySelector("[data-keys-off]");
 if (turn) {
  const tell = () => { turn.textContent = off() ? turn.dataset.keysOn : turn.dataset.keysOff; };
  offer(turn, () => {
   try { off() ? localStorage.removeItem(KEY) : localStorage.setItem(KEY, "off"); } catch {}
   tell();
  });
  tell();
 }
 const scan = document.querySelector("[data-reader]"), whole = document.querySelector("[data-full]");
 const full = () => { document.fullscreenElement ? document.exitFullscreen() : scan?.requestFullscreen(); };
 if (whole && scan?.requestFullscreen) offer(whole, full);
 document.addEventListener("keydown", (event) => {
  if (off() || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
  if (event.target.closest("input,textarea,select,[contenteditable],[tabindex='0'].large")) return;
  if (event.key === "f" && scan) return full();
  const link = document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`);
  if (link) { event.preventDefault(); link.click(); }
 });
})();
