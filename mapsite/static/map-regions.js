// From afar: provinces, then districts, each with its number of records, in place of marks that would lie on each other.
// Only records that the list shows are counted, so a circle tells nothing that the list does not.
"use strict";

(() => {
  const ROOM = { region: 25, mark: 14 }; // pixels around the middle of each, its name included
  const ROUNDS = 30; // of pushing apart; more change nothing that can be seen
  const CLOSEST = 13; // zoom
  const OFFICIAL = /(특별자치시|특별자치도|특별시|광역시)$/;

  const schoolsFrom = 11; // zoom
  const districtsFrom = 8.5;

  /** What is drawn at this zoom: provinces, districts, or schools themselves. */
  schoolMap.stage = (zoom) => (zoom < districtsFrom ? "province" : zoom < schoolsFrom ? "district" : "school");

  /** Marks for the records of each region of this level; a record that is alone in its region stands for itself. Where
   *  no boundaries are imported no region has a place, and all of them are clustered as from close by. */
  schoolMap.regionMarks = (context, level) => {
    const found = new Map();
    const elsewhere = [];
    for (const record of context.shown.filter((each) => each.at)) {
      const code = record[level] || record.province;
      if (!context.regions.has(code)) elsewhere.push(record);
      else if (found.has(code)) found.get(code).push(record);
      else found.set(code, [record]);
    }
    const places = [];
    for (const [code, records] of found) {
      const region = context.regions.get(code);
      if (records.length > 1) places.push({ region, records, at: middle(records), room: ROOM.region });
      else places.push(...records.map((record) => ({ record, records: [record], at: record.at, room: ROOM.mark })));
    }
    spread(places, context.map);
    const marks = places.map((place) => (place.region ? circle(place, level, context) : schoolMap.mark(place.record, place.at, context)));
    return L.layerGroup(elsewhere.length ? [...marks, schoolMap.clusters(elsewhere, context)] : marks);
  };

  /** Where the records of a region are on average: closer to what a reader expects than the middle of its outline. */
  function middle(records) {
    const mean = (axis) => records.reduce((sum, record) => sum + record.at[axis], 0) / records.length;
    return [mean(0), mean(1)];
  }

  /** Moves circles on the screen until none lies on another; marks of schools stay where the school is. */
  function spread(places, map) {
    const zoom = map.getZoom();
    for (const place of places) place.xy = map.project(place.at, zoom);
    for (let round = 0; round < ROUNDS; round++)
      for (let one = 0; one < places.length; one++)
        for (let other = one + 1; other < places.length; other++) part(places[one], places[other]);
    for (const place of places) if (place.region) place.at = map.unproject(place.xy, zoom);
  }

  function part(one, other) {
    const away = other.xy.subtract(one.xy);
    const distance = Math.hypot(away.x, away.y);
    const missing = one.room + other.room - distance;
    if (missing <= 0 || !(one.region || other.region)) return;
    const step = distance ? away.multiplyBy(missing / distance) : L.point(missing, 0);
    const share = one.region && other.region ? 0.5 : 1;
    if (one.region) one.xy = one.xy.subtract(step.multiplyBy(share));
    if (other.region) other.xy = other.xy.add(step.multiplyBy(share));
  }

  function circle({ region, records, at }, level, context) {
    const name = schoolMap.regionName(region);
    const icon = schoolMap.countIcon(records.length, "cluster region", name.replace(OFFICIAL, ""));
    const made = L.marker(at, { icon, alt: "" });
    made.on("add", () => {
      const drawn = made.getElement();
      drawn.setAttribute("role", "button");
      drawn.setAttribute("aria-label", `${name}: ${context.words("cluster", records.length)}`);
    });
    made.on("keypress", ({ originalEvent }) => {
      if (originalEvent.key === "Enter" || originalEvent.key === " ") made.fire("click"); // Leaflet itself only opens what pops up
    });
    made.on("click", () => {
      const { map } = context;
      const inside = L.latLngBounds(records.map((record) => record.at));
      const least = level === "province" ? districtsFrom : schoolsFrom;
      map.setView(inside.getCenter(), Math.max(least, Math.min(CLOSEST, map.getBoundsZoom(inside.pad(0.2)))));
      map.getContainer().focus({ preventScroll: true }); // the circle goes; a keyboard's place should not
    });
    return made;
  }
})();
