// Draws a chart above each table that asks for one, from the table's own cells; without this script the tables stand alone.
"use strict";

(() => {
  const ROW = 34; // pixels of one bar
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const charts = [];

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  function read(figure) {
    return [...figure.querySelectorAll("tbody tr")].map((row) => ({
      label: row.querySelector("th").dataset.short || row.querySelector("th").textContent.trim(),
      number: Number(row.querySelector("[data-number]").dataset.number),
    }));
  }

  function options(kind, lying) {
    const values = { beginAtZero: true, grid: { color: colour("--line") }, ticks: { color: colour("--ink-soft"), precision: 0 } };
    if (kind === "percent") values.max = 100;
    else values.suggestedMax = 20;
    const labels = { grid: { display: false }, ticks: { color: colour("--ink"), autoSkip: !lying } };
    return {
      animation: false,
      maintainAspectRatio: false,
      indexAxis: lying ? "y" : "x",
      scales: lying ? { x: values, y: labels } : { x: labels, y: values },
      plugins: { legend: { display: false } },
    };
  }

  function draw(figure) {
    const rows = read(figure);
    const kind = figure.dataset.chart;
    const lying = kind !== "months";
    const plot = document.createElement("div");
    const canvas = document.createElement("canvas");
    plot.className = "plot";
    plot.setAttribute("aria-hidden", "true"); // the table says the same
    plot.style.height = `${lying ? rows.length * ROW + 40 : 240}px`;
    plot.append(canvas);
    figure.prepend(plot);
    const caption = figure.querySelector("caption").textContent;
    charts.push(new Chart(canvas, {
      type: "bar",
      data: {
        labels: rows.map((row) => row.label),
        datasets: [{ label: caption, data: rows.map((row) => row.number), backgroundColor: colour("--confirmed"), maxBarThickness: 22 }],
      },
      options: options(kind, lying),
    }));
  }

  function drawAll() {
    charts.splice(0).forEach((chart) => { chart.canvas.parentNode.remove(); chart.destroy(); });
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    document.querySelectorAll("figure[data-chart]").forEach(draw);
  }

  drawAll();
  dark.addEventListener("change", drawAll);
})();
