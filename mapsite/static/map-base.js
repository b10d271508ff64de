// The land under the marks: coast, provinces, and districts from close by, in the colours of the reader's scheme.
"use strict";

(() => {
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  /** Lets the browser answer its reader between two pieces of work. */
  const pause = () => new Promise((go) => setTimeout(go));

  /** Codes of regions → their names, level, province and a point inside, [longitude, latitude] in degrees. */
  schoolMap.regions = (features) =>
    new Map(
      features
        .filter((feature) => feature.properties.kind === "region")
        .map((feature) => [feature.id, { ...feature.properties, point: feature.geometry.coordinates }]),
    );

  /** All on one canvas, none of it to be clicked; districts are made when somebody comes close. */
  schoolMap.drawBase = async ({ map, addresses }, features) => {
    const kinds = {
      land: {
        of: (said) => said.kind === "land",
        style: () => ({ color: colour("--border-coast"), weight: 1, fill: !addresses.tiles, fillColor: colour("--land"), fillOpacity: 1 }),
      },
      districts: {
        of: (said) => said.kind === "lines" && said.level === "district",
        style: () => ({ color: colour("--border-district"), weight: 1 }),
      },
      provinces: {
        of: (said) => said.kind === "lines" && said.level === "province",
        style: () => ({ color: colour("--border-province"), weight: 1.4 }),
      },
    };
    const made = {};
    const layer = (name) => {
      const { of, style } = kinds[name];
      made[name] ??= L.geoJSON(features.filter((feature) => of(feature.properties)), { interactive: false, smoothFactor: 1.2, style: style() });
      return made[name];
    };
    const water = () => map.getContainer().style.setProperty("background-color", colour("--water"));
    const choose = () => {
      if (schoolMap.stage(map.getZoom()) === "province") made.districts?.remove();
      else if (!made.districts || !map.hasLayer(made.districts)) {
        layer("districts").addTo(map).bringToBack();
        layer("land").bringToBack();
      }
    };
    water();
    for (const name of ["land", "provinces"]) {
      await pause();
      layer(name).addTo(map);
    }
    choose();
    map.on("zoomend", choose);
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      water();
      for (const [name, drawn] of Object.entries(made)) drawn.setStyle(kinds[name].style());
    });
  };
})();
