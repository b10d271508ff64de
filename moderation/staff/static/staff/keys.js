// Keys of the desk; each does what a link, a box or a field of the page does as well. Loaded only while they are on.
"use strict";

(() => {
  const typing = (element) => element.matches("input:not([type=checkbox], [type=radio]), select, textarea");
  const help = document.querySelector("[data-keys]");
  const links = () => [...document.querySelectorAll("[data-row] th a")];

  /** Moves the focus by rows; from elsewhere to the first or last one. */
  function move(by) {
    const rows = links();
    const here = rows.findIndex((link) => link.closest("[data-row]").contains(document.activeElement));
    const next = here < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(here + by, 0), rows.length - 1);
    rows[next]?.focus();
  }

  function choose() {
    const box = document.activeElement.closest("[data-row]")?.querySelector("[name=cases]");
    if (box) box.checked = !box.checked;
  }

  /** Sets the verdict on a case, or the judgement of a request, and goes on to its reason; nothing is sent. */
  function verdict(value, usual) {
    const choice = document.querySelector(`.verdict [name=verdict]:is(${value})`);
    if (!choice) return;
    choice.checked = true;
    const reason = choice.form.elements.reason;
    const fits = [...reason.options].find((option) => usual.includes(option.value));
    if (fits) reason.value = fits.value;
    reason.focus();
  }

  const keys = {
    j: () => move(1),
    k: () => move(-1),
    x: choose,
    a: () => verdict("[value=approve], [value=yes]", ["sufficient", "substantiated"]),
    r: () => verdict("[value=reject], [value=no]", []),
    u: () => document.querySelector(".crumbs a")?.click(),
    "?": () => {
      help.open = !help.open;
      if (help.open) help.querySelector("summary").focus();
    },
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
})();
