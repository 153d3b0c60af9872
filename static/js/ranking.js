/* Figures on a narrow screen: the units' rows in the order of a chosen figure, the greatest first. Without it they stand
   in the order of the report. Numbers are written as reports write them: 1.234.567 and 66,9%. Runs in Chrome 80. */
(function () {
  "use strict";

  function all(selector, from) {
    return Array.prototype.slice.call(from.querySelectorAll(selector));
  }

  /* What a row says of the figure as a number; -Infinity where it says none, so that it stands last. */
  function measure(text) {
    if (text === "C\u00f3") return 1;
    if (text === "Kh\u00f4ng") return 0;
    var number = parseFloat(text.replace(/\./g, "").replace(",", ".").replace("\u2212", "-"));
    return isNaN(number) ? -Infinity : number;
  }

  all("[data-ranked]", document).forEach(function (part) {
    var chooser = part.querySelector("select");
    if (!chooser) return;
    var head = part.querySelector("[data-ranked-by]");
    var rows = all("details", part);
    var units = rows.filter(function (row) { return row.hasAttribute("data-unit"); });
    var closing = rows.filter(function (row) { return !row.hasAttribute("data-unit"); });
    var place = units.length ? units[0].parentNode : null;
    if (!place) return;

    function figure(row, column) {
      return row.querySelectorAll("dd")[column].textContent.trim();
    }
    function rank() {
      var column = Number(chooser.value || 0);
      var order = units.slice();
      if (chooser.value) {
        order.sort(function (one, other) {
          var more = measure(figure(other, column)), less = measure(figure(one, column));
          return more === less ? units.indexOf(one) - units.indexOf(other) : more > less ? 1 : -1;
        });
      }
      head.textContent = part.querySelectorAll("dt")[column].textContent;
      order.concat(closing).forEach(function (row) {
        row.querySelector("summary strong").textContent = figure(row, column);
        place.appendChild(row);
      });
    }
    chooser.addEventListener("change", rank);
    chooser.parentNode.hidden = false;
    if (chooser.value) rank(); /* the browser keeps a choice over a reload */
  });
})();
