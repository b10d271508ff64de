// Draws outlines and marks on folium's map of the desk; every text is set as text.
"use strict";

const deskMap = {};

(() => {
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const fetched = async (address) => {
    const answer = await fetch(address, { headers: { Accept: "application/geo+json" } });
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  };

  /** What opens at a mark. */
  function opened({ name, note, href, kind }, words) {
    const box = document.createElement("p");
    const link = document.createElement("a");
    link.href = href;
    link.textContent = name;
    box.append(link, document.createElement("br"), `${words[kind]}${note ? ` · ${note}` : ""}`);
    return box;
  }

  function mark({ geometry, properties }, words) {
    const shape = document.createElement("span");
    shape.className = "shape";
    const [lon, lat] = geometry.coordinates;
    const made = L.marker([lat, lon], {
      icon: L.divIcon({ className: `deskmark ${properties.kind}`, iconSize: [24, 24], html: shape }),
      alt: "",
      zIndexOffset: properties.kind === "this" ? 1000 : 0,
    });
    made.on("add", () => {
      const drawn = made.getElement();
      drawn?.setAttribute("aria-label", `${properties.name}, ${words[properties.kind]}`);
      drawn?.setAttribute("role", "button");
    });
    return made.bindPopup(() => opened(properties, words));
  }

  function outline(map, { features }) {
    const style = { color: colour("--line-strong"), weight: 1, fillColor: colour("--land") || colour("--sunk"), fillOpacity: 1 };
    L.geoJSON({ type: "FeatureCollection", features: features.filter(({ properties }) => properties.kind !== "region") }, { style, interactive: false }).addTo(map);
  }

  deskMap.start = async (map, addresses) => {
    const frame = document.querySelector("[data-map]");
    const box = map.getContainer();
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", frame.dataset.label);
    map.setMinZoom(5).setMaxZoom(16);
    L.control.zoom({ zoomInTitle: frame.dataset.in, zoomOutTitle: frame.dataset.out }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    const words = frame.dataset;
    const failed = () => {
      frame.querySelector("[data-failed]").hidden = false;
    };
    fetched(addresses.boundaries).then((outlines) => outline(map, outlines), failed);
    try {
      const places = await fetched(frame.dataset.records);
      const marks = places.features.map((feature) => mark(feature, words));
      const here = marks.find((_each, at) => places.features[at].properties.kind === "this");
      const group = here ? L.layerGroup(marks) : L.markerClusterGroup({ chunkedLoading: true, showCoverageOnHover: false });
      if (!here) group.addLayers(marks);
      group.addTo(map);
      box.dataset.drawn = "";
      if (here) map.setView(here.getLatLng(), 12);
      else if (marks.length) map.fitBounds(L.featureGroup(marks).getBounds().pad(0.1), { animate: false });
    } catch {
      failed();
    }
  };
})();
