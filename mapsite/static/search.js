// Suggestions under the search field, by the directory's own interface. Without this file the form works as it is.
"use strict";

(() => {
  const WAIT = 160; // milliseconds of quiet before asking
  const MOST = 8;

  function prepare(form) {
    const field = form.querySelector("input[type=search]");
    const list = form.querySelector("[role=listbox]");
    const said = form.querySelector("[role=status]");
    const language = document.documentElement.lang;
    let timer = 0;
    let asked = "";
    let chosen = -1;

    const options = () => Array.from(list.children);

    function close() {
      list.hidden = true;
      chosen = -1;
      field.setAttribute("aria-expanded", "false");
      field.removeAttribute("aria-activedescendant");
    }

    function choose(index) {
      const all = options();
      chosen = (index + all.length + 1) % (all.length + 1) === all.length ? -1 : index % all.length;
      all.forEach((option, at) => option.setAttribute("aria-selected", String(at === chosen)));
      if (chosen < 0) field.removeAttribute("aria-activedescendant");
      else {
        field.setAttribute("aria-activedescendant", all[chosen].id);
        all[chosen].scrollIntoView({ block: "nearest" });
      }
    }

    function go(option) {
      window.location.assign(option.dataset.href);
    }

    function show(schools) {
      list.replaceChildren(
        ...schools.slice(0, MOST).map((school, at) => {
          const option = document.createElement("li");
          option.id = `${list.id}-${at}`;
          option.setAttribute("role", "option");
          option.setAttribute("aria-selected", "false");
          option.dataset.href = `/${language}/schools/${encodeURIComponent(school.id)}/`;
          const name = document.createElement("span");
          name.textContent = (language === "en" && school.name_en) || school.name;
          const where = document.createElement("span");
          where.className = "where";
          where.textContent = whereOf(school);
          option.append(name, where);
          return option;
        }),
      );
      list.hidden = schools.length === 0;
      field.setAttribute("aria-expanded", String(schools.length > 0));
      chosen = -1;
      said.textContent = schools.length ? said.dataset.some.replace("#", String(Math.min(schools.length, MOST))) : "";
    }

    function whereOf(school) {
      const name = (region) => (region ? (language === "en" ? region.name_en : region.name_ko) : "");
      return [name(school.province), name(school.district), school.address].filter(Boolean).join(" · ");
    }

    async function ask() {
      const text = field.value.trim();
      if (text === asked) return;
      asked = text;
      if (!text) return close();
      try {
        const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(text)}`);
        const found = answer.ok ? await answer.json() : { results: [] };
        if (asked === text) show(found.results);
      } catch {
        close(); // no network: the form still sends itself
      }
    }

    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    });
    field.addEventListener("keydown", (event) => {
      if (event.isComposing) return; // a Korean syllable is still being written
      if (event.key === "Escape") close();
      else if (event.key === "ArrowDown" && !list.hidden) choose(chosen + 1);
      else if (event.key === "ArrowUp" && !list.hidden) choose(chosen < 0 ? options().length - 1 : chosen - 1);
      else if (event.key === "Enter" && chosen >= 0) go(options()[chosen]);
      else return;
      event.preventDefault();
    });
    list.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the focus in the field
    list.addEventListener("click", (event) => {
      const option = event.target.closest("li");
      if (option) go(option);
    });
    field.addEventListener("blur", close);
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", list.id);
    field.setAttribute("aria-expanded", "false");
  }

  document.querySelectorAll("form[data-suggest]").forEach(prepare);
})();
