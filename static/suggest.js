// Suggestions below the search box: an ARIA combobox. Without this file the box is a plain form field.
"use strict";
(() => {
 const box = document.querySelector("#q[data-source]"), KEY = "vankho.recent";
 if (!box) return;
 const told = box.dataset, form = box.form;
 const list = document.createElement("ul"), said = document.createElement("p");
 let on = -1, timer, turn = 0, typed = "";
 const set = (one, names) => Object.entries(names).forEach(([name, value]) => one.setAttribute(name, value));
 set(list, { id: "goi-y", class: "suggest", role: "listbox", "aria-label": told.label });
 set(said, { class: "vh", role: "status" });
 set(box, { role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-controls": "goi-y" });
 form.append(list, said);

 // Recent searches stay on this device.
 const recent = () => {
  try { return JSON.parse(localStorage.getItem(KEY)).filter((one) => one.trim()); } catch { return []; }
 };
 const keep = (text) => {
  const all = text && [text, ...recent().filter((one) => one !== text)].slice(0, 20);
  try { all ? localStorage.setItem(KEY, JSON.stringify(all)) : localStorage.removeItem(KEY); } catch {}
 };
 const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/đ/g, "d");

 const mark = (at) => {
  const items = list.children;
  items[on]?.setAttribute("aria-selected", "false");
  on = at;
  const item = items[on];
  box.setAttribute("aria-activedescendant", item ? item.id : "");
  item?.setAttribute("aria-selected", "true");
  item?.scrollIntoView({ block: "nearest" });
 };
 const show = (items) => {
  list.replaceChildren(...items.map((one, n) => {
   const item = document.createElement("li"), note = document.createElement("small");
   set(item, { id: "goi-y-" + n, role: "option", "aria-selected": "false" });
   item.one = one;
   note.textContent = one.note || told[one.kind] || "";
   item.append(one.text + (one.kind === "beginning" ? "… " : " "), note);
   return item;
  }));
  list.hidden = !items.length;
  box.setAttribute("aria-expanded", items.length > 0);
  said.textContent = items.length ? told.found.replace("0", items.length) : "";
  mark(-1);
 };
 const take = ({ kind, text, url }) => {
  show([]);
  if (kind === "forget") return keep("");
  box.value = text;
  if (kind === "beginning") { box.value += " "; return look(); }
  keep(text);
  url ? location.assign(url) : form.submit();
 };
 const look = async () => {
  const mine = ++turn, text = (typed = box.value).trim();
  const own = recent().filter((one) => one !== text && plain(one).startsWith(plain(text))).slice(0, text ? 2 : 5)
   .map((text) => ({ kind: "recent", text }));
  if (!text) return show(own.length ? [...own, { kind: "forget", text: told.clear }] : []);
  let found = [];
  try {
   const answer = await fetch(told.source + "?q=" + encodeURIComponent(text.slice(0, 200)));
   if (answer.ok) found = (await answer.json()).suggestions;
  } catch {}
  if (mine === turn) show([...own, ...found]);
 };
 show([]);

 box.addEventListener("input", () => { clearTimeout(timer); turn++; timer = setTimeout(look, 120); });
 box.addEventListener("focus", () => box.value || look());
 box.addEventListener("blur", () => { clearTimeout(timer); turn++; show([]); });
 box.addEventListener("keydown", (event) => {
  const last = list.children.length - 1, step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.isComposing) return;
  if (event.key === "Escape" && last >= 0) show([]);
  else if (event.key === "Enter" && on >= 0) take(list.children[on].one);
  else if (step && last < 0) look();
  else if (step) mark(on + step > last ? -1 : on + step < -1 ? last : on + step);
  else return;
  event.preventDefault();
 });
 list.addEventListener("pointerdown", (event) => event.preventDefault());
 list.addEventListener("click", (event) => { const item = event.target.closest("li"); if (item) take(item.one); });
 form.addEventListener("submit", () => box.value.trim() && keep(box.value.trim()));
})();
