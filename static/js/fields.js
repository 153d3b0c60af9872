/* Fields that help while one types: a calendar beside days, units proposed by name, files with their size, cells pasted
   from a workbook. Without this script each is a plain field. Runs in Chrome 80 and Zalo's browser. */
(function () {
  "use strict";
  var language = document.documentElement.lang || "vi";

  function each(selector, action) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), action);
  }
  function make(name, text) {
    var node = document.createElement(name);
    if (text) node.textContent = text;
    return node;
  }
  function two(number) {
    return (number < 10 ? "0" : "") + number;
  }
  function changed(field) {
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /* -- the calendar: a button opens a month; arrows, Page Up and Down, Home and End move, Enter takes, Escape leaves. */
  function dayOf(text) {
    var parts = /^\s*(\d{1,2})[-\/. ](\d{1,2})[-\/. ](\d{4})/.exec(text);
    var day = parts && new Date(Number(parts[3]), Number(parts[2]) - 1, Number(parts[1]));
    return day && day.getMonth() === Number(parts[2]) - 1 ? day : null;
  }
  function sameDay(one, other) {
    return one.getFullYear() === other.getFullYear() && one.getMonth() === other.getMonth() && one.getDate() === other.getDate();
  }
  /* A question that only a moment in the past raises; what cannot be read here keeps it. The clock is Viet Nam's. */
  function isAhead(text) {
    var parts = /^\s*(\d{1,2})[-\/. ](\d{1,2})[-\/. ](\d{4})(?:\s+(\d{1,2})\s*[:hg]\s*(\d{1,2})?)?\s*$/.exec(text);
    if (!parts) return text.trim() === "";
    return Date.UTC(parts[3], parts[2] - 1, parts[1], (parts[4] || 0) - 7, parts[5] || 0) > Date.now();
  }
  each("[data-when-past]", function (question) {
    var field = document.getElementById(question.getAttribute("data-when-past"));
    if (!field) return;
    function look() {
      question.hidden = isAhead(field.value) && !question.querySelector(":checked, .is-invalid, [aria-invalid='true']");
    }
    field.addEventListener("input", look);
    look();
  });

  function calendarOf(field) {
    var label = field.getAttribute("data-calendar-open");
    var button = make("button");
    button.className = "btn btn-secondary btn-icon calendar-button";
    var panel = make("div");
    panel.className = "calendar";
    var frame = make("span");
    frame.className = "calendar-field";
    var at;
    button.type = "button";
    button.setAttribute("aria-label", label);
    button.setAttribute("aria-expanded", "false");
    button.innerHTML = '<svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false"><path fill="none" stroke="currentColor" stroke-width="2" d="M4 6h16v14H4zM4 10h16M8 3v4M16 3v4"/></svg>';
    panel.setAttribute("role", "dialog");
    panel.setAttribute("aria-label", label);
    panel.hidden = true;
    field.parentNode.insertBefore(frame, field);
    frame.appendChild(field);
    frame.appendChild(button);
    frame.appendChild(panel);

    function close() {
      panel.hidden = true;
      button.setAttribute("aria-expanded", "false");
    }
    function choose(day) {
      var rest = /\s+\S*\d[:hg].*$/.exec(field.value);
      field.value = two(day.getDate()) + "/" + two(day.getMonth() + 1) + "/" + day.getFullYear();
      if (field.getAttribute("data-calendar") === "moment") field.value += rest ? rest[0] : "";
      close();
      changed(field);
      field.focus();
    }
    function step(label, months, sign) {
      var way = make("button", sign);
      way.className = "btn btn-ghost btn-icon";
      way.type = "button";
      way.setAttribute("aria-label", label);
      way.addEventListener("click", function () {
        at = movedByMonths(at, months);
        draw();
        panel.querySelectorAll("button")[months < 0 ? 0 : 1].focus();
      });
      return way;
    }
    function draw() {
      var head = make("div");
      head.className = "calendar-head";
      var table = make("table");
      table.className = "calendar-days";
      var days = table.createTHead().insertRow();
      var body = table.createTBody();
      var typed = dayOf(field.value);
      var first = new Date(at.getFullYear(), at.getMonth(), 1);
      var day = new Date(at.getFullYear(), at.getMonth(), 1 - ((first.getDay() + 6) % 7));
      var title = make("span", first.toLocaleDateString(language, { month: "long", year: "numeric" }));
      title.className = "calendar-month";
      title.setAttribute("aria-live", "polite");
      head.appendChild(step(field.getAttribute("data-calendar-back"), -1, "‹"));
      head.appendChild(title);
      head.appendChild(step(field.getAttribute("data-calendar-on"), 1, "›"));
      for (var week = 0; week < 7; week += 1) {
        var name = make("th", new Date(2024, 0, 1 + week).toLocaleDateString(language, { weekday: "narrow" }));
        name.scope = "col";
        name.setAttribute("aria-label", new Date(2024, 0, 1 + week).toLocaleDateString(language, { weekday: "long" }));
        days.appendChild(name);
      }
      do {
        var row = body.insertRow();
        for (var place = 0; place < 7; place += 1) {
          row.insertCell().appendChild(dayButton(day, typed));
          day = new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1);
        }
      } while (day.getMonth() === at.getMonth());
      panel.textContent = "";
      panel.appendChild(head);
      panel.appendChild(table);
    }
    function dayButton(day, typed) {
      var one = make("button", String(day.getDate()));
      one.className = "calendar-day";
      one.type = "button";
      one.tabIndex = sameDay(day, at) ? 0 : -1;
      one.setAttribute("aria-label", day.toLocaleDateString(language, { weekday: "long", day: "numeric", month: "long", year: "numeric" }));
      if (day.getMonth() !== at.getMonth()) one.classList.add("is-outside");
      if (sameDay(day, new Date())) one.setAttribute("aria-current", "date");
      if (typed && sameDay(day, typed)) one.setAttribute("aria-pressed", "true");
      one.addEventListener("click", function () { choose(day); });
      return one;
    }
    function go(day) {
      if (day.getFullYear() < 1900 || day.getFullYear() > 2099) return;
      at = day;
      draw();
      panel.querySelector('[tabindex="0"]').focus();
    }
    button.addEventListener("click", function () {
      if (!panel.hidden) return close();
      panel.hidden = false;
      button.setAttribute("aria-expanded", "true");
      at = new Date();
      go(at);
      go(dayOf(field.value) || at); /* a day of other centuries has no month here: today's stays */
      return undefined;
    });
    panel.addEventListener("keydown", function (event) {
      var days = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[event.key];
      var weekday = (at.getDay() + 6) % 7;
      if (event.key === "Escape") {
        event.stopPropagation();
        close();
        button.focus();
      } else if (event.target.className.indexOf("calendar-day") < 0) {
        return;
      } else if (days) go(new Date(at.getFullYear(), at.getMonth(), at.getDate() + days));
      else if (event.key === "Home") go(new Date(at.getFullYear(), at.getMonth(), at.getDate() - weekday));
      else if (event.key === "End") go(new Date(at.getFullYear(), at.getMonth(), at.getDate() + 6 - weekday));
      else if (event.key === "PageUp") go(movedByMonths(at, event.shiftKey ? -12 : -1));
      else if (event.key === "PageDown") go(movedByMonths(at, event.shiftKey ? 12 : 1));
      else return;
      event.preventDefault();
    });
    document.addEventListener("click", function (event) {
      if (!panel.hidden && !frame.contains(event.target) && document.contains(event.target)) close();
    });
    frame.addEventListener("focusout", function (event) {
      if (event.relatedTarget && !frame.contains(event.relatedTarget)) close();
    });
  }
  function movedByMonths(day, months) {
    var last = new Date(day.getFullYear(), day.getMonth() + months + 1, 0).getDate();
    return new Date(day.getFullYear(), day.getMonth() + months, Math.min(day.getDate(), last));
  }
  each("input[data-calendar]", calendarOf);

  /* -- units and people: what the server proposes, a dozen at most; the arrows choose, Enter takes, Escape leaves the text
     alone. Whoever listens to "suggestion" on the field is told what was taken. */
  function suggestionsFor(field, number) {
    var list = make("ul");
    list.className = "suggestions";
    var frame = make("span");
    frame.className = "choices-field";
    var chosen = -1;
    var found = [];
    var asked = 0;
    var timer;
    var address = field.getAttribute("data-units") || field.getAttribute("data-people");
    field.removeAttribute("list"); // the browser's own, for pages without scripts
    list.id = "suggestions-" + number;
    list.setAttribute("role", "listbox");
    list.hidden = true;
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-expanded", "false");
    field.setAttribute("aria-controls", list.id);
    var wasFocused = document.activeElement === field; // moved in the page, a field loses the cursor
    field.parentNode.insertBefore(frame, field);
    frame.appendChild(field);
    frame.appendChild(list);
    if (wasFocused) field.focus();

    function close() {
      list.hidden = true;
      chosen = -1;
      field.setAttribute("aria-expanded", "false");
      field.removeAttribute("aria-activedescendant");
    }
    function mark(place) {
      var options = list.querySelectorAll('[role="option"]');
      if (!options.length) return;
      chosen = (place + options.length) % options.length;
      Array.prototype.forEach.call(options, function (option, index) {
        option.setAttribute("aria-selected", String(index === chosen));
      });
      field.setAttribute("aria-activedescendant", options[chosen].id);
      if (options[chosen].scrollIntoView) options[chosen].scrollIntoView({ block: "nearest" });
    }
    function take(option) {
      var one = found[Number(option.getAttribute("data-place"))];
      field.value = one.code ? one.name + " (" + one.code + ")" : one.name;
      close();
      changed(field);
      field.dispatchEvent(new CustomEvent("suggestion", { detail: one }));
    }
    function show(ones) {
      list.textContent = "";
      found = ones;
      ones.forEach(function (one, index) {
        var option = make("li", one.name);
        option.appendChild(make("small", one.code ? (one.level ? one.level + " · " : "") + one.code : one.hint));
        option.id = list.id + "-" + index;
        option.setAttribute("role", "option");
        option.setAttribute("data-place", String(index));
        option.addEventListener("mousedown", function (event) { event.preventDefault(); });
        option.addEventListener("click", function () { take(option); });
        list.appendChild(option);
      });
      if (!ones.length && !field.getAttribute("data-none")) return close();
      if (!ones.length) {
        var none = list.appendChild(make("li", field.getAttribute("data-none")));
        none.className = "choices-none";
      }
      chosen = -1;
      list.hidden = false;
      field.setAttribute("aria-expanded", "true");
      return undefined;
    }
    function ask() {
      var mine = asked += 1;
      var text = field.value.replace(/\s*\([^)]*\)\s*$/, "");
      window.fetch(address + "?q=" + encodeURIComponent(text), { headers: { Accept: "application/json" }, credentials: "same-origin" })
        .then(function (answer) { return answer.json(); })
        .then(function (read) { if (mine === asked && document.activeElement === field) show(read.units || read.people); })
        .catch(close);
    }
    field.addEventListener("input", function (event) {
      if (event.isTrusted === false) return;
      window.clearTimeout(timer);
      timer = window.setTimeout(ask, 200);
    });
    field.addEventListener("keydown", function (event) {
      var options = list.querySelectorAll('[role="option"]');
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) ask();
        else mark(event.key === "ArrowDown" ? chosen + 1 : chosen < 0 ? -1 : chosen - 1);
      } else if (event.key === "Enter" && !list.hidden && chosen >= 0) {
        event.preventDefault();
        take(options[chosen]);
      } else if (event.key === "Escape" && !list.hidden) {
        event.stopPropagation();
        close();
      }
    });
    field.addEventListener("blur", function () {
      asked += 1;
      window.clearTimeout(timer);
      close();
    });
  }
  Array.prototype.forEach.call(document.querySelectorAll("input[data-units], input[data-people]"), suggestionsFor);

  /* -- files: name and size of what was chosen; what is larger than the server takes is said before it is sent. */
  function sizeOf(bytes) {
    var megabytes = bytes / 1048576;
    if (megabytes >= 1) return megabytes.toLocaleString(language, { maximumFractionDigits: 1 }) + " MB";
    return Math.max(1, Math.round(bytes / 1024)).toLocaleString(language) + " kB";
  }
  each("[data-file]", function (frame) {
    var input = frame.querySelector('input[type="file"]');
    var name = frame.querySelector(".file-name");
    input.classList.add("visually-hidden");
    input.addEventListener("change", function () {
      var files = Array.prototype.slice.call(input.files);
      var limit = Number(input.getAttribute("data-limit"));
      var large = files.filter(function (file) { return limit && file.size > limit; })[0];
      name.textContent = files.map(function (file) { return file.name + " (" + sizeOf(file.size) + ")"; }).join(", ") || name.getAttribute("data-none");
      if (large) name.textContent = input.getAttribute("data-too-large").replace("{name}", large.name);
      name.classList.toggle("is-wrong", Boolean(large));
    });
  });

  /* -- a column copied from a workbook fills the fields below; one field never takes two cells. */
  document.addEventListener("paste", function (event) {
    var field = event.target;
    var text = event.clipboardData && event.clipboardData.getData("text/plain");
    if (!text || field.nodeName !== "INPUT" || !field.inputMode || !field.form || field.closest(".figure-row")) return;
    var cells = text.replace(/\r/g, "").replace(/\n+$/, "").split(/[\n\t]/);
    if (cells.length < 2) return;
    var fields = Array.prototype.filter.call(field.form.elements, function (one) {
      return one.nodeName === "INPUT" && one.inputMode === field.inputMode && !one.readOnly && !one.disabled;
    });
    var from = fields.indexOf(field);
    event.preventDefault();
    cells.forEach(function (cell, index) {
      if (!fields[from + index]) return;
      fields[from + index].value = cell.trim();
      changed(fields[from + index]);
    });
  });

  /* -- a column of a workbook pasted into a grid of figures fills the fields below, one line each. Of several columns
     the last one that holds numbers is taken; lines above the first number that only name the column are left out, and
     so that nothing goes astray unseen it is said what was. */
  function cellsOf(text) { // a cell of several lines stands in quotes
    var rows = [[""]], quoted = false;
    for (var at = 0; at < text.length; at += 1) {
      var sign = text[at], row = rows[rows.length - 1], last = row.length - 1;
      if (quoted && sign === '"' && text[at + 1] === '"') { row[last] += sign; at += 1; }
      else if (sign === '"' && (quoted || row[last] === "")) quoted = !quoted;
      else if (sign === "\t" && !quoted) row.push("");
      else if (sign === "\n" && !quoted) rows.push([""]);
      else row[last] += sign;
    }
    while (rows.length && rows[rows.length - 1].join("").trim() === "") rows.pop();
    return rows;
  }
  function isNumber(cell) { return /^[-+]?[\d.,\s]*\d[\d.,\s]*$/.test(cell); }
  function isHeading(cell) { // "6 tháng đầu năm 2026" names a column, "12 chi hội" may be meant as a figure
    return /[^\d.,\s\-–—]/.test(cell) && (!/^\d/.test(cell) || /(19|20)\d\d/.test(cell)) && !/^(có|không|yes|no|x)$/i.test(cell);
  }
  function columnOf(text) {
    var rows = cellsOf(text.normalize("NFKC").replace(/\r\n?/g, "\n"));
    var filled = 0, counted = -1;
    rows.forEach(function (row) {
      row.forEach(function (cell, place) {
        if (cell.trim()) filled = Math.max(filled, place);
        if (isNumber(cell.trim())) counted = Math.max(counted, place);
      });
    });
    var place = counted < 0 ? filled : counted;
    return { isSeveral: rows.length > 1 || (rows[0] || []).length > 1, hasNumbers: counted >= 0,
      cells: rows.map(function (row) { return (row[place] || "").replace(/\s+/g, " ").trim(); }) };
  }
  document.addEventListener("paste", function (event) {
    var start = event.target.closest && event.target.closest(".figure-row input.num");
    if (!start || !event.clipboardData) return;
    var column = columnOf(event.clipboardData.getData("text/plain"));
    if (!column.isSeveral) return;
    event.preventDefault();
    var cells = column.cells, headings = [], unread = [], filled = 0;
    while (column.hasNumbers && cells.length && isHeading(cells[0])) headings.push(cells.shift());
    var fields = Array.prototype.slice.call(document.querySelectorAll(".figure-row input.num, .figure-row select"));
    var place = fields.indexOf(start);
    cells.forEach(function (cell, number) {
      var field = fields[place + number];
      if (field && field.readOnly) return; // a sum of lines keeps its line of the column
      if (!field) {
        if (cell) unread.push(cell);
        return;
      }
      if (field.tagName === "SELECT") {
        var yes = /^(1|có|yes|x)$/i.test(cell), no = /^(0|không|no)$/i.test(cell);
        if (cell && !yes && !no) {
          unread.push(cell);
          return;
        }
        cell = yes ? "1" : no ? "0" : "";
      }
      field.value = cell;
      filled += 1;
      changed(field);
    });
    tellPasted(start, filled, headings, unread);
  });
  function tellPasted(start, filled, headings, unread) {
    var told = start.form.getAttribute("data-pasted").replace("{count}", filled);
    if (headings.length) told += " " + start.form.getAttribute("data-headings").replace("{text}", headings.join("; "));
    if (unread.length) told += " " + start.form.getAttribute("data-unread").replace("{text}", unread.join("; "));
    var place = document.getElementById("pasted") || make("p");
    place.id = "pasted";
    place.className = "figure-remark";
    place.setAttribute("role", "status");
    place.textContent = "";
    start.parentNode.insertBefore(place, start.nextSibling);
    place.textContent = told;
  }

  /* -- a grid of figures is looked over while one types: the server says what is odd, so that there is one rule only. */
  each("form[data-check]", function (form) {
    var timer, asked = 0;
    function look() {
      var mine = (asked += 1);
      window.fetch(form.getAttribute("data-check"), { method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, credentials: "same-origin" })
        .then(function (answer) { return answer.json(); })
        .then(function (told) {
          if (mine !== asked) return;
          each("[data-remark]", function (place) {
            var remark = told.remarks[place.getAttribute("data-remark")];
            place.hidden = !remark;
            place.className = remark && remark.refuses ? "problem" : "figure-remark";
            if (place.textContent !== (remark ? remark.sentence : "")) place.textContent = remark ? remark.sentence : "";
          });
          each("[data-note]", function (place) {
            var remark = told.remarks[place.getAttribute("data-note")];
            if (remark && remark.asks_note) place.hidden = false;
          });
        })
        .catch(function () { /* it is said when the half-year is saved */ });
    }
    form.addEventListener("input", function (event) {
      if (!event.target.closest(".figure-row")) return;
      window.clearTimeout(timer);
      timer = window.setTimeout(look, 600);
    });
  });
})();
