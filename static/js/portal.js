/* The portal's own small script: every page works without it. Runs in Chrome 80 and Zalo's browser. */
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.remove("no-js");

  function each(selector, action, from) {
    Array.prototype.forEach.call((from || document).querySelectorAll(selector), action);
  }
  function store(key, value) {
    try {
      if (value === undefined) return window.localStorage.getItem(key);
      window.localStorage.setItem(key, value);
    } catch (error) { /* private windows keep nothing */ }
    return null;
  }
  function say(text) {
    var region = document.getElementById("live");
    if (region) region.textContent = text;
  }

  /* The reader's text size: small, normal, large; remembered on this device. */
  function setTextSize(size) {
    root.classList.remove("text-small", "text-large");
    if (size !== "normal") root.classList.add(size === "large" ? "text-large" : "text-small");
    each("[data-text-size]", function (button) {
      button.setAttribute("aria-pressed", String(button.getAttribute("data-text-size") === size));
    });
  }
  var known = ["small", "normal", "large"];
  var remembered = store("text-size");
  setTextSize(known.indexOf(remembered) < 0 ? "normal" : remembered);

  /* A link to #id opens that navigation without scripts; with them it is a button that says so. */
  function closeNav(toggle, panel) {
    panel.classList.remove("is-open");
    toggle.setAttribute("aria-expanded", "false");
  }
  each("[data-nav-toggle]", function (toggle) {
    var panel = document.getElementById(toggle.getAttribute("data-nav-toggle"));
    if (!panel) return;
    toggle.setAttribute("role", "button");
    toggle.setAttribute("aria-expanded", "false");
    toggle.setAttribute("aria-controls", panel.id);
    function flip(event) {
      event.preventDefault();
      var open = panel.classList.toggle("is-open");
      toggle.setAttribute("aria-expanded", String(open));
      if (open) {
        var first = panel.querySelector("[data-nav-close]") || panel.querySelector("a");
        if (first) first.focus();
      }
    }
    toggle.addEventListener("click", flip);
    toggle.addEventListener("keydown", function (event) { if (event.key === " ") flip(event); });
    each('[data-nav-close="' + panel.id + '"]', function (closer) {
      closer.addEventListener("click", function (event) {
        event.preventDefault();
        closeNav(toggle, panel);
        toggle.focus();
      });
    });
    document.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && panel.classList.contains("is-open")) {
        closeNav(toggle, panel);
        toggle.focus();
      }
    });
  });

  /* Dialogs: without <dialog> the link goes where it says and the form is sent without a question. */
  function openDialog(dialog, opener) {
    dialog.showModal();
    dialog.addEventListener("close", function () { if (opener) opener.focus(); }, { once: true });
  }
  document.addEventListener("click", function (event) {
    var target = event.target;
    if (!target.closest) return;

    var opener = target.closest("[data-dialog]");
    if (opener) {
      var dialog = document.getElementById(opener.getAttribute("data-dialog"));
      if (dialog && dialog.showModal) {
        event.preventDefault();
        openDialog(dialog, opener);
      }
      return;
    }
    var closer = target.closest("[data-dialog-close]");
    if (closer) {
      closer.closest("dialog").close();
      return;
    }
    if (target.nodeName === "DIALOG") {
      var box = target.getBoundingClientRect();
      if (event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom) target.close();
      return;
    }
    var size = target.closest("[data-text-size]");
    if (size) {
      store("text-size", size.getAttribute("data-text-size"));
      setTextSize(size.getAttribute("data-text-size"));
      return;
    }
    if (target.closest("[data-print]")) {
      event.preventDefault();
      window.print();
      return;
    }
    var copy = target.closest("[data-copy]");
    if (copy) {
      event.preventDefault();
      copyText(copy);
      return;
    }
    each("details[data-menu][open]", function (menu) {
      if (!menu.contains(target)) menu.removeAttribute("open");
    });
    /* A whole row leads where its first link leads; text can still be selected. */
    var row = target.closest("tr[data-href]");
    if (row && !target.closest("a, button, input, select, textarea, label, summary") && !String(window.getSelection())) {
      window.location.href = row.getAttribute("data-href");
    }
  });

  function copyText(button) {
    var text = button.getAttribute("data-copy") || window.location.href;
    function done() {
      var label = button.querySelector("[data-label]") || button;
      var before = label.textContent;
      var after = button.getAttribute("data-copied") || before;
      label.textContent = after;
      say(after);
      window.setTimeout(function () { label.textContent = before; }, 2500);
    }
    function byHand() {
      var field = document.createElement("textarea");
      field.value = text;
      field.className = "visually-hidden";
      document.body.appendChild(field);
      field.select();
      var copied = document.execCommand("copy");
      field.remove();
      if (copied) done();
    }
    if (navigator.clipboard && window.isSecureContext) navigator.clipboard.writeText(text).then(done, byHand);
    else byHand();
  }

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    each("details[data-menu][open]", function (menu) {
      menu.removeAttribute("open");
      menu.querySelector("summary").focus();
    });
  });

  /* The dialog is called by what its button does: "Submit for approval?" */
  function titleOf(button) {
    var words = button ? button.textContent.replace(/\s+/g, " ").replace(/[\s…]+$/, "").trim() : "";
    return words ? words + "?" : "";
  }

  /* Signing out leaves no text of this person on the device. */
  document.addEventListener("submit", function (event) {
    if (!/\/logout\/$/.test(event.target.getAttribute("action") || "")) return;
    try {
      Object.keys(window.localStorage).forEach(function (key) {
        if (key.indexOf("story:") === 0) window.localStorage.removeItem(key);
      });
    } catch (error) { /* nothing was kept */ }
    document.dispatchEvent(new Event("story:dropped"));
  });

  /* Titles that have what is typed, accents or not (the browser's own list would compare them letter by letter). */
  each("input[data-suggest]", function (input) {
    var list = document.createElement("ul");
    var waiting = 0;
    var at = -1;
    list.id = input.id + "-titles";
    list.className = "suggestions";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    if (input.labels && input.labels[0]) list.setAttribute("aria-label", input.labels[0].textContent.trim());
    input.parentNode.appendChild(list);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", list.id);

    function mark(place) {
      at = place;
      input.removeAttribute("aria-activedescendant");
      Array.prototype.forEach.call(list.children, function (option, number) {
        option.setAttribute("aria-selected", number === at ? "true" : "false");
        if (number === at) input.setAttribute("aria-activedescendant", option.id);
      });
    }
    function show(titles) {
      list.textContent = "";
      titles.forEach(function (title, number) {
        var option = document.createElement("li");
        option.id = list.id + "-" + number;
        option.lang = "vi";
        option.textContent = title;
        option.setAttribute("role", "option");
        list.appendChild(option);
      });
      list.style.top = input.offsetTop + input.offsetHeight + "px";
      list.style.left = input.offsetLeft + "px";
      list.style.width = (input.type === "search" ? input.parentNode : input).offsetWidth + "px"; /* the button beside it too */
      list.hidden = !titles.length;
      input.setAttribute("aria-expanded", titles.length ? "true" : "false");
      mark(-1);
    }
    function take(option) {
      input.value = option.textContent;
      show([]);
      if (input.type !== "search") return;
      if (input.form.requestSubmit) input.form.requestSubmit();
      else input.form.submit();
    }

    input.addEventListener("input", function () {
      window.clearTimeout(waiting);
      var typed = input.value.trim();
      if (typed.length < 2 || !window.fetch) return show([]);
      waiting = window.setTimeout(function () {
        var address = input.getAttribute("data-suggest");
        window.fetch(address + (address.indexOf("?") < 0 ? "?" : "&") + "q=" + encodeURIComponent(typed)).then(function (answer) {
          return answer.ok ? answer.json() : { titles: [] };
        }).then(function (found) {
          if (typed === input.value.trim() && document.activeElement === input) show(found.titles);
        }).catch(function () { /* no network: the form itself still asks */ });
      }, 250);
    });
    input.addEventListener("keydown", function (event) {
      var count = list.children.length;
      if (list.hidden || event.isComposing) return;
      if (event.key === "ArrowDown") mark(at + 1 < count ? at + 1 : 0);
      else if (event.key === "ArrowUp") mark(at > 0 ? at - 1 : count - 1);
      else if (event.key === "Escape") show([]);
      else if (event.key === "Enter" && at >= 0) take(list.children[at]);
      else return;
      event.preventDefault();
    });
    input.addEventListener("blur", function () { show([]); });
    list.addEventListener("mousedown", function (event) { event.preventDefault(); /* the field keeps its focus */ });
    list.addEventListener("click", function (event) {
      if (event.target !== list) take(event.target);
    });
  });

  /* form[data-confirm]: ask first, in our own dialog (#confirm, in base.html). */
  document.addEventListener("submit", function (event) {
    if (event.defaultPrevented) return; /* its own script has stopped it: nothing is on its way */
    var form = event.target;
    var submitter = event.submitter || document.activeElement;
    var source = submitter && submitter.form === form && submitter.hasAttribute("data-confirm") ? submitter : form;
    var question = source.getAttribute("data-confirm");
    var dialog = document.getElementById("confirm");
    if (question && form.getAttribute("data-confirmed") !== "yes") {
      if (dialog && dialog.showModal) {
        event.preventDefault();
        dialog.querySelector("[data-confirm-title]").textContent = source.getAttribute("data-confirm-title") || titleOf(submitter && submitter.form === form ? submitter : null) || dialog.getAttribute("data-title");
        dialog.querySelector("[data-confirm-text]").textContent = question;
        var yes = dialog.querySelector("[data-confirm-yes]");
        yes.textContent = source.getAttribute("data-confirm-button") || (submitter && submitter.form === form && submitter.textContent.trim()) || dialog.getAttribute("data-yes");
        yes.className = "btn " + (source.getAttribute("data-confirm-kind") === "danger" ? "btn-danger" : "btn-primary");
        yes.onclick = function () {
          form.setAttribute("data-confirmed", "yes");
          dialog.close();
          if (form.requestSubmit && submitter && submitter.form === form) form.requestSubmit(submitter);
          else if (submitter && submitter.form === form && submitter.click) submitter.click();
          else form.submit();
        };
        openDialog(dialog, submitter);
      } else if (!window.confirm(question)) {
        event.preventDefault();
      }
      return;
    }
    /* A slow line invites a second click; the second one is swallowed. */
    if (form.method === "post" && !form.hasAttribute("data-resend")) {
      if (form.getAttribute("data-sent") === "yes") {
        event.preventDefault();
        return;
      }
      form.setAttribute("data-sent", "yes");
      window.setTimeout(function () {
        form.removeAttribute("data-sent");
        form.removeAttribute("data-confirmed");
      }, 5000);
    }
  });
  window.addEventListener("pageshow", function () {
    each("form[data-sent]", function (form) { form.removeAttribute("data-sent"); form.removeAttribute("data-confirmed"); });
  });

  /* A page that waits for the worker looks again, but never while somebody is asked something or a form is on its way. */
  each('meta[name="looks-again"]', function (meta) {
    (function wait() {
      window.setTimeout(function () {
        if (document.querySelector("dialog[open], form[data-sent]")) wait();
        else window.location.replace(window.location.pathname + window.location.search);
      }, Number(meta.content) * 1000);
    })();
  });

  /* Rows shown as cards on a phone keep the table's meaning for screen readers. */
  each("table.table-cards", function (table) {
    table.setAttribute("role", "table");
    each("thead, tbody, tfoot", function (group) { group.setAttribute("role", "rowgroup"); }, table);
    each("tr", function (row) { row.setAttribute("role", "row"); }, table);
    each("thead th", function (cell) { cell.setAttribute("role", "columnheader"); }, table);
    each("tbody th", function (cell) { cell.setAttribute("role", "rowheader"); }, table);
    each("td", function (cell) { cell.setAttribute("role", "cell"); }, table);
  });

  /* Up and down move between the rows of an editable table, in the same column. */
  document.addEventListener("keydown", function (event) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    var field = event.target;
    if (!field.closest || field.nodeName !== "INPUT" || !field.closest("table[data-rows]")) return;
    var cell = field.closest("td, th");
    var row = cell.parentNode;
    do row = event.key === "ArrowDown" ? row.nextElementSibling : row.previousElementSibling;
    while (row && !(row.cells[cell.cellIndex] && row.cells[cell.cellIndex].querySelector("input")));
    if (!row) return;
    event.preventDefault();
    var next = row.cells[cell.cellIndex].querySelector("input");
    next.focus();
    if (next.select) next.select();
  });

  /* File drop zones: the plain input underneath does the work. */
  each(".drop", function (zone) {
    var input = zone.querySelector('input[type="file"]');
    if (!input) return;
    ["dragenter", "dragover"].forEach(function (kind) {
      zone.addEventListener(kind, function (event) { event.preventDefault(); zone.classList.add("is-over"); });
    });
    ["dragleave", "drop"].forEach(function (kind) {
      zone.addEventListener(kind, function (event) { event.preventDefault(); zone.classList.remove("is-over"); });
    });
    zone.addEventListener("drop", function (event) {
      if (!event.dataTransfer.files.length) return;
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  });

  /* Show or hide a password. */
  each("[data-password-toggle]", function (box) {
    box.addEventListener("change", function () {
      each(box.getAttribute("data-password-toggle"), function (field) { field.type = box.checked ? "text" : "password"; });
    });
  });

  /* Of a text of several lines a browser shows only the line with the cursor; bars must not lie over the rest. */
  document.addEventListener("focusin", function (event) {
    var field = event.target;
    if (field.nodeName === "TEXTAREA" && field.offsetHeight < window.innerHeight / 2) field.scrollIntoView({ block: "nearest" });
  });

  /* What was typed before signing in again: saved at once, or put back into the fields of the form it was sent with. */
  each("form[data-send-now]", function (form) { form.submit(); });
  var putBack = document.getElementById("put-back");
  if (putBack) fillAgain(JSON.parse(putBack.textContent));
  function fillAgain(kept) {
    var typed = {}; /* by the field's name: in the order in which the form sent them */
    kept.fields.forEach(function (pair) { (typed[pair[0]] = typed[pair[0]] || []).push(pair[1]); });
    var names = Object.keys(typed);
    var forms = Array.prototype.filter.call(document.querySelectorAll("main form"), function (form) {
      var action = form.getAttribute("action");
      return (action ? action.split("?")[0] : window.location.pathname) === kept.path;
    });
    /* The form itself has every field that was sent, and of several alike its own hidden ones. Only in it does a box of
       which nothing was sent stand for one that was not ticked. */
    var whole = forms.filter(function (form) {
      return names.every(function (name) { return form.elements.namedItem(name); });
    });
    var own = whole.filter(function (form) {
      return Array.prototype.every.call(form.elements, function (field) {
        return field.type !== "hidden" || field.name === "version" || !typed[field.name] || typed[field.name].indexOf(field.value) >= 0;
      });
    });
    (own.length ? own : whole.length ? whole : forms).forEach(function (form) {
      var seen = {};
      Array.prototype.forEach.call(form.elements, function (field) {
        var values = typed[field.name] || [];
        var isBox = field.type === "radio" || field.type === "checkbox";
        if (!field.name || field.disabled || ["file", "submit", "button"].indexOf(field.type) >= 0) return;
        if (isBox) {
          if (values.length || (whole.length && field.type === "checkbox")) field.checked = values.indexOf(field.value) >= 0;
          else return;
        } else if (field.multiple && field.options) {
          Array.prototype.forEach.call(field.options, function (option) { option.selected = values.indexOf(option.value) >= 0; });
        } else {
          var place = seen[field.name] || 0;
          seen[field.name] = place + 1;
          if (field.type === "hidden" || place >= values.length) return;
          field.value = values[place];
        }
        field.dispatchEvent(new Event("input", { bubbles: true }));
      });
      if (form.closest("details")) form.closest("details").open = true;
    });
  }

  /* Files are all that this form holds: once they are chosen or dropped, it is sent. */
  each("form[data-send-files]", function (form) {
    form.addEventListener("change", function (event) {
      if (event.target.type !== "file" || !event.target.files.length || !form.checkValidity()) return;
      if (form.requestSubmit) form.requestSubmit();
      else form.submit();
    });
  });

  /* Filters send themselves where the page asks for it. */
  each("form[data-autosubmit]", function (form) {
    form.addEventListener("change", function () { form.submit(); });
  });

  /* After a refused form, the first field with an error is where the eye and the cursor go. */
  var wrong = document.querySelector("[data-error-summary], .is-invalid, [aria-invalid='true']");
  if (wrong && wrong.focus && !window.location.hash) wrong.focus();
})();

/* An article for its readers: photos one by one in a dialog, by keys too; a video comes from its host when it is pressed.
   Without scripts both are plain links. */
(function () {
  "use strict";
  var viewer = document.getElementById("photo-viewer");
  var photos = Array.prototype.slice.call(document.querySelectorAll(".article-body .photo-open"));
  var at = 0;
  var opener = null;

  function show(number) {
    at = (number + photos.length) % photos.length;
    var small = photos[at].querySelector("img");
    var words = photos[at].parentNode.querySelector("figcaption");
    var image = viewer.querySelector("img");
    image.src = photos[at].href;
    image.alt = small ? small.alt : "";
    viewer.querySelector("[data-viewer-words]").textContent = words ? words.textContent : "";
    viewer.querySelector("[data-viewer-place]").textContent = at + 1 + " / " + photos.length;
  }

  if (viewer && viewer.showModal && photos.length) {
    viewer.querySelectorAll("[data-viewer-step], [data-viewer-place]").forEach(function (one) {
      one.hidden = photos.length < 2;
    });
    photos.forEach(function (link, number) {
      link.addEventListener("click", function (event) {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        opener = link;
        show(number);
        viewer.showModal();
      });
    });
    viewer.addEventListener("click", function (event) {
      var button = event.target.closest("[data-viewer-step]");
      if (button) show(at + Number(button.getAttribute("data-viewer-step")));
    });
    viewer.addEventListener("keydown", function (event) {
      if (event.key === "ArrowRight") show(at + 1);
      if (event.key === "ArrowLeft") show(at - 1);
      if (event.key === "Home") show(0);
      if (event.key === "End") show(photos.length - 1);
    });
    viewer.addEventListener("close", function () {
      if (opener) opener.focus();
    });
  }

  /* Once it was in sight for some seconds, its editors are told that it was read: its number and nothing else. */
  var article = document.querySelector("article[data-tell-read]");
  var unseen = 5;
  if (article && navigator.sendBeacon) {
    var watch = window.setInterval(function () {
      if (document.visibilityState !== "visible" || --unseen > 0) return;
      window.clearInterval(watch);
      navigator.sendBeacon(article.getAttribute("data-tell-read"), article.getAttribute("data-article"));
    }, 1000);
  }

  document.addEventListener("click", function (event) {
    var card = event.target.closest(".video-card");
    if (!card || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    var frame = document.createElement("iframe");
    frame.src = card.getAttribute("data-player");
    frame.title = card.querySelector(".video-title").textContent;
    frame.setAttribute("allow", "fullscreen; encrypted-media; picture-in-picture");
    frame.setAttribute("allowfullscreen", "");
    frame.setAttribute("referrerpolicy", "strict-origin-when-cross-origin");
    card.parentNode.replaceChild(frame, card);
    frame.focus();
  });
})();
