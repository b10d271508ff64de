// Leaves the page for somewhere harmless, and leaves it out of the history. Without this file the link works as it is.
"use strict";

(() => {
  const WITHIN = 1000; // milliseconds between two presses of Escape
  const link = document.querySelector("[data-leave]");
  let pressed = -WITHIN;

  function leave() {
    document.documentElement.hidden = true; // at once, however slow the next page is
    window.location.replace(link.href);
  }

  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    if (event.timeStamp - pressed < WITHIN) leave();
    pressed = event.timeStamp;
  });
})();
