"use strict";
// The table reads without this script. The chart draws one breakdown, the table holds all of the place; both show what was known on a day.
const place = document.getElementById("place");
const part = document.getElementById("part");
const day = document.getElementById("day");
const known = document.getElementById("known");
const rows = [...document.querySelectorAll("#figures tbody tr")];
const chart = window.chartsOfFigures[document.documentElement.lang.slice(0, 2)];
let picture = null;

function standing(figures) {
  const latest = new Map();
  for (const each of figures) {
    const before = latest.get(each.key);
    if (!before || each.known > before.known || (each.known === before.known && each.now)) latest.set(each.key, each);
  }
  return [...latest.values()];
}

function show() {
  const until = window.page.days[day.value];
  known.textContent = until;
  day.setAttribute("aria-valuetext", until);
  const isShown = (where, when) => (!place.value || where === place.value) && when <= until;
  for (const row of rows) row.hidden = !isShown(row.dataset.place, row.dataset.known);
  const figures = window.page.figures.filter((each) => each.part === part.value && isShown(each.place, each.known));
  const isToday = Number(day.value) === window.page.days.length - 1;
  const drawn = isToday ? figures.filter((each) => each.now) : standing(figures);
  const specification = { ...chart, datasets: { figures: drawn } };
  picture = window.vegaEmbed("#chart", specification, { actions: false });
}

// Where the place has nothing of the chosen breakdown, one that it has is chosen: an empty chart would say that there is nothing.
function choosePart() {
  const own = new Set(window.page.figures.filter((each) => !place.value || each.place === place.value).map((each) => each.part));
  if (!own.has(part.value)) part.value = [...part.options].map((option) => option.value).find((value) => own.has(value));
}

function choosePlace() {
  const { page } = place.selectedOptions[0].dataset;
  if (page) {
    window.location.assign(`${page}#${place.value}`);
    return;
  }
  choosePart();
  show();
}

function fromAddress() {
  const wanted = [...place.options].find((option) => option.value && option.value === window.location.hash.slice(1));
  if (wanted && !wanted.dataset.page) place.value = wanted.value;
}

async function save(form) {
  const { view } = await picture;
  const link = document.createElement("a");
  link.href = await view.toImageURL(form, form === "png" ? 2 : 1);
  link.download = `${document.title.split(" · ")[0]}.${form}`;
  link.click();
}

document.getElementById("controls").hidden = false;
document.getElementById("controls").addEventListener("submit", (event) => event.preventDefault());
place.addEventListener("change", choosePlace);
part.addEventListener("change", show);
day.addEventListener("input", show);
for (const button of document.querySelectorAll("#pictures button")) {
  button.addEventListener("click", () => save(button.dataset.form));
}
document.getElementById("pictures").hidden = false;
window.addEventListener("hashchange", () => { fromAddress(); choosePart(); show(); });
fromAddress();
choosePart();
show();
