"use strict";
// The table reads without this script. The chart draws one breakdown, the table holds all of the place; both show what was known on a day.
const page = JSON.parse(document.getElementById("data").textContent);
const place = document.getElementById("place");
const part = document.getElementById("part");
const day = document.getElementById("day");
const known = document.getElementById("known");
const rows = [...document.querySelectorAll("#figures tbody tr")];

function standing(figures) {
  const latest = new Map();
  for (const each of figures) {
    const before = latest.get(each.key);
    if (!before || each.known > before.known || (each.known === before.known && each.now)) latest.set(each.key, each);
  }
  return [...latest.values()];
}

function show() {
  const until = page.days[day.value];
  known.textContent = until;
  day.setAttribute("aria-valuetext", until);
  const isShown = (where, when) => (!place.value || where === place.value) && when <= until;
  for (const row of rows) row.hidden = !isShown(row.dataset.place, row.dataset.known);
  const figures = page.figures.filter((each) => each.part === part.value && isShown(each.place, each.known));
  const isToday = Number(day.value) === page.days.length - 1;
  const drawn = isToday ? figures.filter((each) => each.now) : standing(figures);
  const specification = { ...page.specification, datasets: { figures: drawn } };
  window.vegaEmbed("#chart", specification, {
    actions: { export: true, source: false, compiled: false, editor: false },
  });
}

document.getElementById("controls").hidden = false;
document.getElementById("controls").addEventListener("submit", (event) => event.preventDefault());
place.addEventListener("change", show);
part.addEventListener("change", show);
day.addEventListener("input", show);
show();
