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
  var name = document.querySelector("input[data-people]");
  if (name) {
    name.addEventListener("suggestion", function (event) {
      ["birth", "school_class", "school"].forEach(function (cell) {
        var field = document.getElementById("id_" + cell);
        var value = event.detail[cell];
        if (field && value && (!field.value || field.hasAttribute("data-carried"))) field.value = value;
      });
    });
  }

  /* Ctrl+D fills a cell from the row above, as in a spreadsheet. Ctrl+Z on an untouched row takes the last one back. */
  var rowForm = document.getElementById("row-form");
  var undo = document.getElementById("undo-row");
  if (rowForm) {
    rowForm.addEventListener("keydown", function (event) {
      var key = event.key.toLowerCase();
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      var field = event.target;
      if (key === "d" && field.hasAttribute("data-above")) {
        event.preventDefault();
        field.value = field.getAttribute("data-above");
        field.dispatchEvent(new Event("input", { bubbles: true }));
        field.dispatchEvent(new Event("change", { bubbles: true }));
      } else if (key === "z" && undo && !isTouched()) {
        event.preventDefault();
        undo.requestSubmit ? undo.requestSubmit() : undo.submit();
      }
    });

    /* Several cells pasted at once are no cell: they go to the preview, where each row is looked at. */
    rowForm.addEventListener("paste", function (event) {
      var form = document.getElementById("paste-form");
      var text = event.clipboardData && event.clipboardData.getData("text/plain");
      if (!form || !text || !/[\t]/.test(text.trim())) return;
      event.preventDefault();
      event.stopPropagation();
      form.elements.text.value = text;
      form.requestSubmit ? form.requestSubmit() : form.submit();
    }, true);
  }
  function isTouched() {
    return Array.prototype.some.call(rowForm.elements, function (field) {
      return field.nodeName === "INPUT" && field.type === "text" && field.value !== field.defaultValue;
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
