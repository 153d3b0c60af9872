/* Typing lists: works without it; with it amounts are shown back at once and known people fill their cells. */
(function () {
  "use strict";

  /* Show back how an amount is read. The server reads it, so that there is one reading only. */
  function echo(field) {
    var address = field.getAttribute("data-echo");
    var out = document.getElementById(field.id + "_echo");
    if (!address || !out) return;
    var text = field.value.trim();
    if (!text) {
      out.textContent = "";
      return;
    }
    window.fetch(address + "?q=" + encodeURIComponent(text), { headers: { Accept: "application/json" }, credentials: "same-origin" })
      .then(function (answer) { return answer.json(); })
      .then(function (read) {
        if (field.value.trim() !== text) return;
        out.textContent = read.text;
        out.classList.toggle("is-unclear", !read.amount);
        var shown = document.getElementById("id_amount_shown");
        if (shown) shown.value = read.shown;
      })
      .catch(function () { /* the server says it when the row is saved */ });
  }
  Array.prototype.forEach.call(document.querySelectorAll("[data-echo]"), function (field) {
    field.addEventListener("change", function () { echo(field); });
    field.addEventListener("input", function () {
      var shown = document.getElementById("id_amount_shown");
      if (shown) shown.value = "";
    });
    if (field.value) echo(field);
  });

  /* A known recipient's birth, class and school come along when those cells are still empty. */
  var name = document.querySelector('input[list="recipients"]');
  var known = document.getElementById("recipients");
  if (name && known) {
    name.addEventListener("change", function () {
      var found = Array.prototype.filter.call(known.options, function (option) { return option.value === name.value; });
      if (found.length !== 1) return;
      [["id_birth", "data-birth"], ["id_school_class", "data-class"], ["id_school", "data-school"]].forEach(function (pair) {
        var field = document.getElementById(pair[0]);
        var value = found[0].getAttribute(pair[1]);
        if (field && value && (!field.value || field.hasAttribute("data-carried"))) field.value = value;
      });
    });
  }
  Array.prototype.forEach.call(document.querySelectorAll("[data-carried]"), function (field) {
    field.addEventListener("input", function () { field.removeAttribute("data-carried"); });
  });

  /* The file is only asked for when a workbook is sent. */
  var ways = document.querySelectorAll('input[name="way"]');
  var zone = document.querySelector("[data-shown-for]");
  function showZone() {
    var chosen = document.querySelector('input[name="way"]:checked');
    zone.hidden = !chosen || chosen.value !== zone.getAttribute("data-shown-for");
  }
  if (zone && ways.length) {
    Array.prototype.forEach.call(ways, function (way) { way.addEventListener("change", showZone); });
    showZone();
  }

  /* In the preview, Enter in a cell goes on to the next cell instead of sending everything; the last one sends. */
  var repairs = document.getElementById("repairs-form");
  if (repairs) {
    repairs.addEventListener("keydown", function (event) {
      if (event.key !== "Enter" || event.target.nodeName !== "INPUT" || event.target.type === "submit") return;
      var cells = Array.prototype.slice.call(repairs.querySelectorAll("input.form-control, select.form-select"));
      var next = cells[cells.indexOf(event.target) + 1];
      if (!next) return;
      event.preventDefault();
      next.focus();
      if (next.select) next.select();
    });
  }
})();
