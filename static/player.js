// The transcript follows the player, and a time in it moves the player. Without this file the times are links.
"use strict";
(() => {
 const player = document.getElementById("may-phat");
 const links = [...document.querySelectorAll(".cues a[data-at]")];
 if (!player || !links.length) return;
 const times = links.map((one) => Number(one.dataset.at));
 const show = (place) => links.forEach((one, n) => {
  if (n === place) one.parentElement.setAttribute("aria-current", "true");
  else one.parentElement.removeAttribute("aria-current");
 });
 links.forEach((one, n) => one.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  player.currentTime = times[n];
  show(n);
  history.replaceState(null, "", one.href);
  player.play().catch(() => {});
 }));
 player.addEventListener("timeupdate", () => {
  if (player.paused) return;
  let place = -1;
  while (place + 1 < times.length && times[place + 1] <= player.currentTime) place += 1;
  show(place);
 });
})();
