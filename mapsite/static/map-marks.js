// How a record looks on the map and in the list: a shape, a colour and a word; text only ever as textContent.
"use strict";

(() => {
  const language = document.documentElement.lang;

  const shapeOf = (record) => (record.small && record.status === "confirmed" ? "area" : record.status);

  const span = (name, text = "") => {
    const made = document.createElement("span");
    made.className = name;
    made.textContent = text;
    return made;
  };

  schoolMap.regionName = (region) => (language === "en" ? region.name_en : region.name_ko);

  schoolMap.where = (record, regions) => {
    const names = [record.province, record.district].filter((code) => regions.has(code)).map((code) => schoolMap.regionName(regions.get(code)));
    return language === "en" ? names.reverse().join(", ") : names.join(" ");
  };

  schoolMap.nameOf = (record, regions, words) => {
    if (record.small) return words("small", schoolMap.where(record, regions));
    return (language === "en" && record.en) || record.ko;
  };

  schoolMap.hrefOf = (record) =>
    record.small ? `/${language}/records/${record.id}/` : `/${language}/schools/${encodeURIComponent(record.school)}/`;

  let inMonths; // made once, when the first row needs it: that takes longer than the rows
  const monthName = (month) => {
    inMonths ??= new Intl.DateTimeFormat(language, { year: "numeric", month: "long", timeZone: "UTC" });
    const [year, number] = month.split("-").map(Number);
    return inMonths.format(Date.UTC(year, number - 1));
  };

  /** Korean time, as every other time of the page. */
  schoolMap.moment = (instant) =>
    new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short", hourCycle: language === "ko" ? "h23" : "h12", timeZone: "Asia/Seoul" }).format(instant);

  /** One record as a list item: the same for the list and for what opens at a mark. */
  schoolMap.row = (record, regions, words, away) => {
    const made = document.getElementById("map-row").content.cloneNode(true);
    const part = (name) => made.querySelector(`[data-part=${name}]`);
    const name = part("name");
    name.textContent = schoolMap.nameOf(record, regions, words);
    name.href = schoolMap.hrefOf(record);
    if (!record.small && !(language === "en" && record.en)) name.lang = "ko";
    const status = part("status");
    status.className = `status ${shapeOf(record)}`;
    status.append(span(`shape ${shapeOf(record)}`), words(`status.${record.status}`));
    part("month").textContent = monthName(record.month);
    part("level").textContent = record.level ? words(`level.${record.level}`) : "";
    part("where").textContent = record.small ? "" : schoolMap.where(record, regions);
    part("grade").textContent = `${words("evidence")} ${record.grade}`;
    part("replies").textContent = record.replies.map((code) => words(`reply.${code}`)).join(" · ");
    part("away").textContent = away === undefined ? "" : words("away", away < 10 ? away.toFixed(1) : Math.round(away));
    made.querySelectorAll("[data-part]").forEach((each) => each.textContent || each.remove());
    return made;
  };

  /** A mark at a place; its list is made when it opens. */
  schoolMap.mark = (record, at, context) => {
    const label = () => `${schoolMap.nameOf(record, context.regions, context.words)}, ${context.words(`status.${record.status}`)}`;
    const mark = L.marker(at, {
      icon: L.divIcon({ className: `mark ${shapeOf(record)}`, iconSize: [24, 24], html: span("shape") }),
      alt: "",
    });
    mark.record = record;
    mark.on("add", () => {
      const drawn = mark.getElement();
      if (!drawn) return;
      drawn.setAttribute("aria-label", label());
      drawn.setAttribute("role", "button");
    });
    mark.bindPopup(() => {
      const list = document.createElement("ul");
      list.className = "rows opened";
      list.append(schoolMap.row(record, context.regions, context.words));
      return list;
    });
    return mark;
  };

  /** A number in a circle that grows with it; `name` stands below. */
  schoolMap.countIcon = (count, className, name = "") => {
    const size = count < 10 ? 34 : count < 100 ? 40 : count < 1000 ? 46 : 54;
    const inside = document.createElement("span");
    inside.append(span("number", String(count)));
    if (name) inside.append(span("name", name));
    return L.divIcon({ className, iconSize: [size, size], html: inside });
  };

  /** Marks of which those that would lie on each other are one circle. */
  schoolMap.clusters = (records, context) => {
    const waiting = records.map((record) => schoolMap.mark(record, record.at, context));
    const made = L.markerClusterGroup({
      chunkedLoading: true,
      maxClusterRadius: 48,
      disableClusteringAtZoom: 15,
      showCoverageOnHover: false,
      animate: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
      iconCreateFunction: (cluster) => schoolMap.countIcon(cluster.getChildCount(), "cluster"),
    });
    const label = () =>
      made._featureGroup.eachLayer((layer) => {
        const drawn = layer.getChildCount && layer.getElement();
        if (!drawn) return;
        drawn.setAttribute("role", "button");
        drawn.setAttribute("aria-label", context.words("cluster", layer.getChildCount()));
      });
    made.on("animationend layeradd", label);
    made.on("add", () => {
      context.map.on("moveend", label);
      // Only a group that is on its map adds in chunks, between which the browser answers its reader.
      made.addLayers(waiting.splice(0));
    });
    made.on("remove", () => context.map.off("moveend", label));
    return made;
  };
})();
