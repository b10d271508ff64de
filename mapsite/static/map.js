// Draws marks on folium's map and keeps the list beside it, the filters and the address together.
"use strict";

(() => {
  const LISTED = window.matchMedia("(min-width: 62rem)").matches ? 60 : 8; // rows beside or below the map
  const NEAREST = 10;
  const KOREA = [[33.1, 125.4], [38.6, 129.7]]; // the first view, degrees: Jeju to the northern border, without the far islands

  const find = (name) => document.querySelector(`[data-${name}]`);

  schoolMap.start = async (map, addresses) => {
    const context = { map, addresses, words: schoolMap.words(), regions: new Map(), records: [], near: null };
    dress(context);
    map.on("zoomend", () => redraw(context));
    map.on("moveend", () => list(context));
    const every = Number(find("map").dataset.refresh); // seconds; a page that stays open follows withdrawals
    if (every) setInterval(() => load(context), every * 1000);
    await load(context);
  };

  /** Fetches the records, and once the boundaries; what was drawn before stays when that fails. */
  async function load(context) {
    const { map, addresses, words } = context;
    try {
      const [records, boundaries] = await Promise.all([
        schoolMap.fetch(addresses.records),
        context.regions.size || schoolMap.fetch(addresses.boundaries),
      ]);
      if (boundaries.features) context.regions = schoolMap.regions(boundaries.features);
      context.records = schoolMap.read(records);
      place(context);
      filter(context);
      if (boundaries.features) await schoolMap.drawBase(context, boundaries.features);
      const checked = find("map-checked");
      if (checked) checked.textContent = words("checked", schoolMap.moment(new Date()));
    } catch {
      find("map-said").textContent = words("failed");
    }
    map.getContainer().dataset.drawn = "";
  }

  /** Labels, zoom buttons in the reader's language, the position button. */
  function dress(context) {
    const { map, words } = context;
    const frame = find("map");
    const box = map.getContainer();
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", frame.dataset.label);
    map.setMinZoom(5).setMaxZoom(16).fitBounds(KOREA, { animate: false });
    L.control.zoom({ zoomInTitle: words("zoom-in"), zoomOutTitle: words("zoom-out") }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    const form = find("filters");
    if (form) {
      schoolMap.restore(form);
      form.addEventListener("input", () => filter(context));
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        filter(context);
      });
      if (window.location.search) find("sieve").open = true;
    }
    const near = find("near");
    if (near) {
      near.hidden = !("geolocation" in navigator);
      near.addEventListener("click", () => locate(context));
    }
  }

  /** Where each record is drawn: the school's point, or a point inside the region that stands for a small one. */
  function place(context) {
    for (const record of context.records) {
      const region = record.small && (context.regions.get(record.district) || context.regions.get(record.province));
      if (region) record.at = [region.point[1], region.point[0]];
    }
  }

  function filter(context) {
    const form = find("filters");
    const chosen = schoolMap.chosen(form ? new FormData(form) : new URLSearchParams(window.location.search));
    if (form) schoolMap.remember(chosen);
    context.shown = context.records.filter((record) => schoolMap.fits(record, chosen));
    context.schools = null;
    const places = context.shown.filter((record) => record.at).map((record) => record.at);
    if (chosen.region && chosen.region !== context.region && places.length) context.map.fitBounds(places, { maxZoom: 12, padding: [40, 40] });
    context.region = chosen.region;
    redraw(context);
    list(context);
    find("map-said").textContent = context.words("count", context.shown.length);
  }

  /** The marks of this zoom in place of those before. */
  function redraw(context) {
    if (!context.shown) return;
    const stage = schoolMap.stage(context.map.getZoom());
    if (stage === "school") context.schools ??= schoolMap.clusters(context.shown.filter((record) => record.at), context);
    const next = stage === "school" ? context.schools : schoolMap.regionMarks(context, stage);
    if (next === context.marks) return;
    context.marks?.remove();
    context.marks = next.addTo(context.map);
  }

  /** The list beside: what is in view, newest month first, or what is nearest. */
  function list(context) {
    if (!context.shown || !find("list")) return;
    const { words, regions, near } = context;
    const view = context.map.getBounds();
    const inside = context.shown.filter((record) => record.at && (near || view.contains(record.at)));
    const away = new Map();
    if (near) {
      for (const record of inside) away.set(record, schoolMap.kilometres(near, record.at));
      inside.sort((one, other) => away.get(one) - away.get(other));
    } else inside.sort((one, other) => (one.month === other.month ? (one.id < other.id ? -1 : 1) : one.month < other.month ? 1 : -1));
    const most = near ? NEAREST : LISTED;
    const rows = inside.slice(0, most).map((record) => schoolMap.row(record, regions, words, away.get(record)));
    find("list").replaceChildren(...rows, ...note(context, inside.length - most, inside.length));
    find("list-title").textContent = words(near ? "nearest" : "in-view");
    find("list-empty")?.remove();
  }

  function note(context, more, total) {
    if (total && more <= 0) return [];
    const said = document.createElement("li");
    said.className = "soft small";
    said.textContent = total ? context.words("more", more) : context.words("none");
    return context.near && total ? [] : [said];
  }

  /** Asks the browser where it is and works out the rest here: the position is sent to nobody. */
  function locate(context) {
    navigator.geolocation.getCurrentPosition(
      (found) => {
        context.near = [found.coords.latitude, found.coords.longitude];
        context.map.setView(context.near, 12);
        list(context);
        context.map.once("dragend", () => {
          context.near = null;
          list(context);
        });
      },
      () => {
        find("map-said").textContent = context.words("no-place");
      },
      { maximumAge: 60000, timeout: 10000 },
    );
  }
})();
