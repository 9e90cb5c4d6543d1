"use strict";
(() => {
  const find = (id) => document.getElementById(id);
  const cases = [...document.querySelectorAll(".case")];
  const form = find("filters"), shown = find("shown"), none = find("none"), toggle = find("toggle");
  const choice = (name) => (find("filter-" + name) ? find("filter-" + name).value : "");
  const texts = new Map();
  const holds = (one, words) => {
    if (!words.length) return true;
    if (!texts.has(one)) texts.set(one, one.textContent.toLowerCase());
    return words.every((word) => texts.get(one).includes(word));
  };

  const filter = () => {
    const words = choice("text").toLowerCase().split(/\s+/).filter(Boolean);
    const slice = choice("slice"), result = choice("result"), change = choice("change");
    let n = 0;
    for (const one of cases) {
      const fits = (!slice || one.dataset.slice === slice) && (!result || one.dataset.result === result) &&
        (!change || one.dataset.change.split(" ").includes(change)) && holds(one, words);
      one.hidden = !fits;
      n += fits;
    }
    shown.textContent = n === cases.length ? `${n} cases` : `${n} of ${cases.length} cases`;
    none.hidden = n > 0;
  };

  // a link leads to a case or to a citation in it, which is closed or filtered away at first
  const follow = () => {
    let id = location.hash.slice(1);
    try { id = decodeURIComponent(id); } catch { return; }
    const target = id && find(id), one = target && target.closest(".case");
    if (!one) return;
    if (one.hidden) { form.reset(); filter(); }
    one.open = true;
    target.scrollIntoView();
  };

  toggle.addEventListener("click", () => {
    const open = toggle.textContent === "Open all";
    for (const one of cases) if (!one.hidden) one.open = open;
    toggle.textContent = open ? "Close all" : "Open all";
  });
  form.addEventListener("input", filter);
  form.addEventListener("reset", () => setTimeout(filter));
  form.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", follow);
  form.hidden = false;
  filter();
  follow();
})();
