// A large delivery goes up in pieces: a broken connection costs one piece, and the same file chosen again goes on.
// Without this file the form sends it whole.
"use strict";
(() => {
 const form = document.querySelector("form[data-pieces]");
 if (!form) return;
 const told = form.dataset, PIECE = +told.piece, LONGEST = 30, SAMPLE = 8192, PATIENCE = 300_000;
 const box = form.elements.goi, bar = document.createElement("progress");
 const many = document.createElement("p"), said = form.querySelector("[role=status]");
 let busy = false;
 bar.setAttribute("aria-label", told.sending);
 many.className = "sm";

 const say = (text) => { if (said.textContent !== text) said.textContent = text; };
 const show = (at, size) => {
  bar.max = size; bar.value = at;
  const mib = (bytes) => Math.floor(bytes / 1048576).toLocaleString(document.documentElement.lang);
  many.textContent = `${Math.floor((100 * at) / size)} % (${mib(at)}/${mib(size)} MiB)`;
 };
 const stop = (text) => { busy = false; said.className = "err-msg"; say(text); };
 const rest = (seconds) => new Promise((done) => {
  setTimeout(done, seconds * 1000);
  addEventListener("online", done, { once: true });
 });
 const ask = (to, more) => fetch(to, { signal: AbortSignal.timeout(PATIENCE), ...more });

 const begin = (file) => {
  const fields = new FormData(form);
  fields.delete("goi");
  fields.append("ten", file.name);
  fields.append("so-byte", file.size);
  fields.append("luc", file.lastModified);
  fields.append("mau", new Blob([file.slice(0, SAMPLE), file.slice(-SAMPLE)]));
  return ask(told.pieces, { method: "POST", body: fields, headers: { Accept: "application/json" } });
 };
 const add = (file, to, at) => ask(to, {
  method: "PATCH", body: file.slice(at, at + PIECE),
  headers: { "Upload-Offset": at, "X-CSRFToken": form.elements.csrf_token.value, Accept: "application/json" },
 });
 const readable = (file, at) => file.slice(at, at + 1).arrayBuffer().then(() => true, () => false);

 const send = async (file) => {
  let here, at = 0, pause = 1;
  busy = true;
  said.className = "";
  form.append(bar, many);
  show(0, file.size);
  for (;;) {
   say(told.sending);
   let answer;
   try { answer = here ? await add(file, here.to, at) : await begin(file); } catch {}
   if (!answer || answer.status >= 500 || answer.status === 429) {
    if (!await readable(file, at)) return stop(told.unread);
    say(told.broken);
    await rest(pause);
    pause = Math.min(2 * pause, LONGEST);
    continue;
   }
   pause = 1;
   if (!here && answer.ok && !answer.redirected) at = (here = await answer.json()).arrived;
   else if (here && (answer.status === 204 || answer.status === 409)) at = +answer.headers.get("Upload-Offset");
   else if (answer.status === 413 || answer.status === 422) {
    const why = await answer.json();
    return stop(document.documentElement.lang === "en" ? why.detail_en : why.detail);
   } else return stop(told.ended);
   show(at, file.size);
   if (at >= file.size) return location.assign(here.page);
  }
 };
 form.addEventListener("submit", (event) => {
  const file = box.files[0];
  if (busy) return event.preventDefault();
  if (!file || file.size <= PIECE || form.elements["thu-muc"]?.value.trim()) return;
  event.preventDefault();
  send(file);
 });
})();
