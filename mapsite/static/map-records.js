// The records as the map and its list use them: read once, filtered in the browser. No text of a person is in them.
"use strict";

var schoolMap = {};

(() => {
  const FILTERS = ["region", "level", "grade", "status", "month_from", "month_to"];

  /** The words of the page's language, out of its template. */
  schoolMap.words = () => {
    const words = {};
    document.getElementById("map-words")?.content.querySelectorAll("[data-word]").forEach((word) => {
      words[word.dataset.word] = word.textContent;
    });
    return (key, value) => (words[key] || "").replace("#", value === undefined ? "#" : String(value));
  };

  schoolMap.fetch = async (address) => {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  };

  /** Features of records.geojson → records; `at` is [latitude, longitude] in degrees or null. */
  schoolMap.read = (collection) =>
    collection.features.map((feature) => {
      const said = feature.properties;
      const at = feature.geometry && feature.geometry.coordinates;
      return {
        id: said.public_id,
        school: said.school_id,
        ko: said.school_ko,
        en: said.school_en,
        level: said.level,
        district: said.district,
        province: said.province,
        grade: said.grade,
        status: said.status,
        month: said.month,
        replies: said.replies,
        at: at ? [at[1], at[0]] : null,
        small: said.school_id === null,
      };
    });

  /** What a form or an address asks for, as a plain object of codes. */
  schoolMap.chosen = (given) => {
    const chosen = {};
    for (const [name, value] of given) if (value && FILTERS.includes(name)) chosen[name] = value;
    return chosen;
  };

  schoolMap.fits = (record, chosen) =>
    (!chosen.region || record.province === chosen.region || record.district === chosen.region) &&
    (!chosen.level || record.level === chosen.level) &&
    (!chosen.grade || record.grade === chosen.grade) &&
    (!chosen.status || record.status === chosen.status) &&
    (!chosen.month_from || record.month >= chosen.month_from) &&
    (!chosen.month_to || record.month <= chosen.month_to);

  /** Puts the query of this page's address into the form, and the form's choice into the address. */
  schoolMap.restore = (form) => {
    for (const [name, value] of new URLSearchParams(window.location.search)) {
      const field = FILTERS.includes(name) && form.elements.namedItem(name);
      if (field && [...field.options].some((option) => option.value === value)) field.value = value;
    }
  };
  schoolMap.remember = (chosen) => {
    const query = new URLSearchParams(chosen).toString();
    window.history.replaceState(null, "", query ? `?${query}` : window.location.pathname);
  };

  /** Kilometres between two [latitude, longitude] in degrees, on a sphere of 6,371 km. */
  schoolMap.kilometres = (one, other) => {
    const radians = Math.PI / 180;
    const half = (a, b) => Math.sin(((b - a) * radians) / 2) ** 2;
    const share =
      half(one[0], other[0]) + Math.cos(one[0] * radians) * Math.cos(other[0] * radians) * half(one[1], other[1]);
    return 2 * 6371 * Math.asin(Math.sqrt(share));
  };
})();
