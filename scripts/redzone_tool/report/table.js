// SPDX-License-Identifier: GPL-2.0-only
// Tables that sort by a click on a column head, and filter by text and by a choice.
"use strict";
(function () {
  function key(row, column) {
    var cell = row.cells[column];
    var value = cell.getAttribute("data-sort");
    if (value === null) value = cell.textContent.trim();
    var number = parseFloat(value);
    return value !== "" && !isNaN(number) && isFinite(value) ? number : value.toLowerCase();
  }

  function compare(a, b) {
    if (typeof a === typeof b) return a < b ? -1 : a > b ? 1 : 0;
    return typeof a === "number" ? -1 : 1;
  }

  function sort(table, column, button) {
    var head = button.closest("th");
    var down = head.getAttribute("aria-sort") === "ascending";
    var body = table.tBodies[0];
    var rows = Array.prototype.slice.call(body.rows);
    rows.sort(function (a, b) {
      var order = compare(key(a, column), key(b, column));
      return down ? -order : order;
    });
    rows.forEach(function (row) { body.appendChild(row); });
    table.querySelectorAll("th").forEach(function (th) { th.removeAttribute("aria-sort"); });
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
  }

  function filter(table, controls) {
    var shown = 0;
    var text = controls.querySelector("input").value.toLowerCase();
    var select = controls.querySelector("select");
    var wanted = select ? select.value : "";
    Array.prototype.forEach.call(table.tBodies[0].rows, function (row) {
      var fits = row.textContent.toLowerCase().indexOf(text) >= 0 &&
        (!wanted || (" " + row.getAttribute("data-filter") + " ").indexOf(" " + wanted + " ") >= 0);
      row.hidden = !fits;
      if (fits) shown += 1;
    });
    controls.querySelector("output").textContent = shown + " shown";
  }

  // A link to a row opens what the row keeps folded.
  function open() {
    var row = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (!row || row.tagName !== "TR") return;
    row.hidden = false;
    row.querySelectorAll("details").forEach(function (part) { part.open = true; });
    row.scrollIntoView();
  }

  document.querySelectorAll("table.sortable").forEach(function (table) {
    table.querySelectorAll("thead th").forEach(function (head, column) {
      var button = document.createElement("button");
      button.type = "button";
      while (head.firstChild) button.appendChild(head.firstChild);
      head.appendChild(button);
      button.addEventListener("click", function () { sort(table, column, button); });
    });
    var controls = document.querySelector('[data-for="' + table.id + '"]');
    if (!controls) return;
    controls.hidden = false;
    controls.addEventListener("input", function () { filter(table, controls); });
    filter(table, controls);
  });
  window.addEventListener("hashchange", open);
  open();
})();
