// Deep zoom of a page's image, on demand: OpenSeadragon (static/openseadragon) over our own IIIF Image API.  Without this
// file, or if anything of it fails, the link leads to the large image.
"use strict";
(() => {
 const scan = document.querySelector("[data-zoom]");
 const opener = document.querySelector("[data-zooms]");
 if (!scan || !opener) return;
 const HASH = "#phong-to", told = scan.dataset, words = JSON.parse(told.words);
 const [width, height, turned] = [told.width, told.height, told.turned].map(Number);
 let viewer = null, region = null, opening = false, place = 0;
 const make = (tag, values) => Object.assign(document.createElement(tag), values);
 const load = (tag, values) => new Promise((done, failed) => {
  document.head.append(make(tag, { ...values, onload: done, onerror: failed }));
 });
 const keep = (hash) => history.replaceState(history.state, "", location.pathname + location.search + hash);

 // The hits (and what else is marked) lie over the image as one SVG in units of the page.
 const marks = () => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("preserveAspectRatio", "none");
  for (const one of scan.querySelectorAll("rect")) svg.append(one.cloneNode());
  const over = make("div", { className: "zoom-marks" });
  over.setAttribute("aria-hidden", "true");
  over.append(svg);
  return over;
 };
 const toHit = () => {
  const hit = scan.querySelector("rect.now, rect.region");
  if (!hit) return;
  const [x, y, w, h] = ["x", "y", "width", "height"].map((name) => Number(hit.getAttribute(name)) / width);
  viewer.viewport.fitBounds(new OpenSeadragon.Rect(x - w / 2, y - 3 * h, 2 * w, 7 * h), true);
 };
 const say = (text) => { region.querySelector("[role=status]").textContent = text; };
 const zoom = (by) => {
  viewer.viewport.zoomBy(by).applyConstraints();
  const share = viewer.viewport.viewportToImageZoom(viewer.viewport.getZoom()) * 100;
  say(`${words.zoom} ${Math.round(share)}\u00a0%`);
 };
 const pan = (x, y) => {
  const step = viewer.viewport.deltaPointsFromPixels(new OpenSeadragon.Point(80 * x, 80 * y));
  viewer.viewport.panBy(step).applyConstraints();
 };
 const turn = () => {
  const degrees = (viewer.viewport.getRotation() + 90) % 360;
  viewer.viewport.setRotation(degrees);
  say(`${words.turn} ${degrees}°`);
 };
 const full = () => (document.fullscreenElement ? document.exitFullscreen() : scan.requestFullscreen());
 const acts = {
  "+": () => zoom(1.5), "=": () => zoom(1.5), "-": () => zoom(1 / 1.5), 0: () => viewer.viewport.goHome(), r: turn,
  ArrowLeft: () => pan(-1, 0), ArrowRight: () => pan(1, 0), ArrowUp: () => pan(0, -1), ArrowDown: () => pan(0, 1),
  z: () => close(), Escape: () => close(),
 };
 const onKey = (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || !acts[event.key]) return;
  event.preventDefault();
  acts[event.key]();
 };
 const build = () => {
  region = make("div", { className: "zoom" });
  region.setAttribute("role", "region");
  region.setAttribute("aria-label", words.name);
  const bar = make("p", { className: "row zoom-bar" });
  const button = (text, act, name = text) => {
   const one = make("button", { type: "button", className: "btn", textContent: text, ariaLabel: name });
   one.addEventListener("click", act);
   bar.append(one);
   return one;
  };
  const first = button("+", acts["+"], words.closer);
  button("−", acts["-"], words.farther);
  button(words.whole, acts[0]);
  button(words.turn, turn);
  if (scan.requestFullscreen) button(words.full, full);
  button(words.close, () => close());
  const image = make("div", { className: "zoom-image" });
  const status = make("p", { className: "vh" });
  status.setAttribute("role", "status");
  region.append(bar, image, status, make("p", { className: "xs dim zoom-help", textContent: words.help }));
  region.addEventListener("keydown", onKey);
  scan.prepend(region);
  scan.classList.add("zoomed");
  opener.setAttribute("aria-expanded", "true");
  scan.scrollIntoView({ block: "nearest" });
  return [image, first];
 };
 const show = (info) => {
  const [image, first] = build();
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const finger = still ? { flickEnabled: false } : {}; // what is let go stays where it is
  viewer = OpenSeadragon({
   element: image, tileSources: info, drawer: "canvas", prefixUrl: "", showNavigationControl: false, degrees: turned,
   animationTime: still ? 0 : 0.4, maxZoomPixelRatio: 3, visibilityRatio: 0.5, gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
   gestureSettingsTouch: finger, gestureSettingsPen: finger, gestureSettingsUnknown: finger,
  });
  viewer.addHandler("canvas-key", (event) => { event.preventDefaultAction = true; }); // ours, on the whole region
  viewer.addOnceHandler("open", () => {
   viewer.addOverlay({ element: marks(), location: new OpenSeadragon.Rect(0, 0, 1, info.height / info.width) });
   toHit();
   region.classList.add("ready");
  });
  viewer.addOnceHandler("tile-drawn", () => region.classList.add("drawn"));
  viewer.addOnceHandler("open-failed", () => location.assign(opener.href));
  viewer.canvas.setAttribute("role", "img");
  viewer.canvas.setAttribute("aria-label", words.image);
  first.focus({ preventScroll: true });
 };
 const open = async () => {
  if (region || opening) return;
  opening = true;
  place = scrollY;
  if (!window.OpenSeadragon) {
   // It would write a style into the page, which our content policy forbids: it is told that the style is there.
   const written = document.createElementNS("vankho", "style");
   written.setAttribute("data-openseadragon-mobile-css", "");
   document.head.append(written);
   await Promise.all([load("script", { src: told.script }), load("link", { rel: "stylesheet", href: told.style })]);
  }
  const answer = await fetch(`${told.zoom}/info.json`);
  if (!answer.ok) throw new Error(answer.status);
  const info = await answer.json();
  info.id = location.origin + told.zoom; // the portal may be read under another name than its public one
  show(info);
  keep(HASH);
  opening = false;
 };
 const close = () => {
  if (document.fullscreenElement) document.exitFullscreen();
  viewer.destroy();
  region.remove();
  viewer = region = null;
  scan.classList.remove("zoomed");
  opener.setAttribute("aria-expanded", "false");
  keep("");
  opener.focus({ preventScroll: true });
  scrollTo(0, place);
 };
 const begin = () => open().catch(() => location.assign(opener.href));
 opener.setAttribute("role", "button");
 opener.addEventListener("click", (event) => { event.preventDefault(); region ? close() : begin(); });
 opener.addEventListener("keydown", (event) => { if (event.key === " ") { event.preventDefault(); opener.click(); } });
 // From hit to hit and page to page the zoom stays open.
 for (const link of document.querySelectorAll("a[data-key=n],a[data-key=p],a[data-key^=Arrow]")) {
  link.addEventListener("click", () => { if (region) link.hash = HASH; });
 }
 if (location.hash === HASH) begin();
})();
