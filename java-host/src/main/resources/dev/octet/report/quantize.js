"use strict";
const table = document.getElementById("layers");
const body = table.tBodies[0];
const heads = Array.from(table.tHead.rows[0].cells);
const key = (row, column) => row.cells[column].dataset.sort ?? row.cells[column].textContent;
heads.forEach((head, column) => head.querySelector("button")?.addEventListener("click", () => {
  const sign = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
  heads.forEach((other) => other.hasAttribute("aria-sort") && other.setAttribute("aria-sort", "none"));
  head.setAttribute("aria-sort", sign === 1 ? "ascending" : "descending");
  const numeric = head.classList.contains("num");
  const compare = (a, b) => numeric
    ? key(a, column) - key(b, column)
    : key(a, column).localeCompare(key(b, column), "en", { numeric: true });
  body.append(...Array.from(body.rows).sort((a, b) => sign * compare(a, b)));
}));
const filter = document.getElementById("filter");
const shown = document.getElementById("shown");
filter.addEventListener("input", () => {
  const wanted = filter.value.toLowerCase();
  let count = 0;
  for (const row of body.rows) {
    row.hidden = !row.textContent.toLowerCase().includes(wanted);
    count += row.hidden ? 0 : 1;
  }
  shown.textContent = wanted ? count + " of " + body.rows.length : "";
});
