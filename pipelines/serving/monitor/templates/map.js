"use strict";
// Without this script a page shows the latest view of each map; with it any series and period can be chosen.
const chooser = document.getElementById("indicator");

function draw(section) {
  const shades = [...section.querySelectorAll(".legend i[style]")].map((shade) => shade.style.background);
  const name = section.dataset.map;
  const [series, period] = [section.querySelector(".series"), section.querySelector(".period")];
  const view = window.views[name][series.value][period.value];
  for (const link of section.querySelectorAll("[data-place]")) {
    const [value, shade] = view.places[link.dataset.place] || [section.dataset.missing, null];
    const said = `${link.dataset.name}: ${value}`;
    link.setAttribute("aria-label", said);
    link.querySelector("title").textContent = said;
    const shape = link.querySelector("rect, path");
    if (shape) shape.setAttribute("fill", shade === null ? `url(#missing-${name})` : shades[shade]);
    const text = link.querySelector("text");
    if (text) text.setAttribute("class", shade === null ? "missing" : shade > 2 ? "dark" : "");
  }
  section.querySelector(".low").textContent = view.ends[0];
  section.querySelector(".high").textContent = view.ends[1];
  section.querySelector(".shown").textContent = "";
}

function offer(section) {
  const [series, period] = [section.querySelector(".series"), section.querySelector(".period")];
  const views = window.views[section.dataset.map][series.value];
  period.replaceChildren(...views.map((view, at) => new Option(view.period, String(at))));
  draw(section);
}

document.getElementById("controls").hidden = false;
chooser.addEventListener("change", () => window.location.assign(chooser.value));
for (const section of document.querySelectorAll(".on-map")) {
  for (const label of section.querySelectorAll("label")) label.hidden = false;
  section.querySelector(".series").addEventListener("change", () => offer(section));
  section.querySelector(".period").addEventListener("change", () => draw(section));
  draw(section);
}
