// Answers the page's challenge in the background, and holds a report back until the answer is there.
// Without it, or where it fails, the form goes out as it is and takes the slow lane.
"use strict";

(() => {
  const field = document.querySelector("input[data-challenge]");
  if (!field || !window.Worker || !window.crypto.subtle) return;
  const form = field.form;
  const said = document.getElementById("proof-status");
  const worker = new Worker(field.dataset.worker);
  let over = false;
  let pressed = null; // the button that was pressed before the answer was there

  const finish = (answer) => {
    over = true;
    field.value = answer;
    worker.terminate();
    said.hidden = true;
    if (pressed) form.requestSubmit(pressed.form === form ? pressed : undefined);
  };
  worker.addEventListener("message", (event) => finish(event.data));
  worker.addEventListener("error", () => finish(""));
  worker.postMessage(field.dataset.challenge);

  form.addEventListener("submit", (event) => {
    if (over) return;
    event.preventDefault();
    pressed = event.submitter || form;
    said.hidden = false;
  });
})();
