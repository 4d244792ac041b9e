"use strict";
const words = document.getElementById("words");
const found = document.getElementById("found");
const said = document.getElementById("said");
const AT_MOST = 60;

function look() {
  const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  found.replaceChildren();
  said.textContent = wanted.length ? "" : said.dataset.hint;
  if (!wanted.length) return;
  const hits = window.searchIndex.filter((entry) => wanted.every((word) => entry[3].includes(word)));
  // what is called so comes before what only speaks of it, the shorter name first
  const isCalled = (entry) => wanted.every((word) => entry[4].includes(word));
  hits.sort((one, other) => isCalled(other) - isCalled(one) || one[1].length - other[1].length);
  const heard = hits.length > AT_MOST ? said.dataset.first : said.dataset.all;
  said.textContent = hits.length ? heard.replace("{all}", hits.length).replace("{shown}", AT_MOST) : said.dataset.none;
  for (const [kind, title, address] of hits.slice(0, AT_MOST)) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = address;
    link.textContent = title;
    const beside = document.createElement("small");
    beside.textContent = ` ${kind}`;
    item.append(link, beside);
    found.append(item);
  }
}

words.value = new URLSearchParams(window.location.search).get("q") || "";
words.addEventListener("input", look);
look();
