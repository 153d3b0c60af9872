/* Keeps what is being written in a story's form on this device until the server says it is saved: for this person and
   this form alone. What an earlier form has left is offered, and never stands in the way of new text. */
(function () {
  "use strict";
  var form = document.querySelector("[data-story-form]");
  if (!form || !window.localStorage) return;
  var names = ["title", "lead", "body", "byline", "source", "tags", "category", "cover", "is_photo_story"];
  var notice = document.getElementById("story-kept");
  var kept = document.getElementById("story-status");
  var mine = form.getAttribute("data-story-form"); /* person:article, or person:new */
  var isNew = /:new$/.test(mine);
  var version = form.getAttribute("data-version");
  var formKey = form.getAttribute("data-form-key");
  var key = "story:" + mine + (isNew ? ":" + formKey : ":" + Math.random().toString(36).slice(2));
  var begins = "story:" + mine + ":";

  function watched(field) {
    return field.name && (names.indexOf(field.name) >= 0 || /^photo-\d+-/.test(field.name));
  }

  function fields() {
    var values = {};
    Array.prototype.forEach.call(form.elements, function (field) {
      if (!watched(field) || (field.type === "radio" && !field.checked)) return;
      values[field.name] = field.type === "checkbox" && !field.checked ? "" : field.value;
    });
    return values;
  }

  function read(name) {
    try {
      return JSON.parse(window.localStorage.getItem(name));
    } catch (error) {
      return null;
    }
  }

  function write(name, copy) {
    try {
      window.localStorage.setItem(name, JSON.stringify(copy));
    } catch (error) {
      /* no room: the text is still in the form */
    }
  }

  function drop(name) {
    window.localStorage.removeItem(name);
  }

  function differs(values) {
    var page = fields();
    return Object.keys(values).some(function (name) {
      return name in page && values[name] !== page[name];
    });
  }

  /* The server has the article that began in this form: what was kept of the form is saved. */
  if (!isNew && formKey) drop("story:" + mine.split(":")[0] + ":new:" + formKey);

  /* The same of earlier forms of this person, whichever page came after them. */
  (form.getAttribute("data-saved-keys") || "").split(" ").forEach(function (one) {
    if (one) drop("story:" + mine.split(":")[0] + ":new:" + one);
  });

  var offered = null;
  Object.keys(window.localStorage).forEach(function (name) {
    if (name.indexOf(begins) !== 0) return;
    var copy = read(name);
    var saved = copy && !isNew && copy.sent && copy.from !== version && form.hasAttribute("data-own-save");
    if (!copy || !copy.values || saved || !differs(copy.values)) {
      if (name !== key) drop(name);
    } else if (!offered || copy.at > offered.copy.at) {
      offered = { name: name, copy: copy };
    }
  });

  function bringBack(values) {
    Object.keys(values).forEach(function (name) {
      var field = form.elements[name];
      if (!field) return;
      if (field.type === "checkbox") field.checked = values[name] !== "";
      else field.value = values[name]; /* of radio buttons it ticks the one that has it */
      if (field.dispatchEvent) field.dispatchEvent(new Event("change", { bubbles: true }));
    });
    var editor = form.elements.body && form.elements.body.storyEditor;
    if (editor) editor.commands.setContent(values.body);
  }

  var onServer = document.getElementById("story-unsaved");
  if (offered && onServer && onServer.getAttribute("data-kept-at") * 1000 <= offered.copy.at + 1000) onServer.hidden = true;
  if (offered && notice && !(onServer && !onServer.hidden)) {
    notice.hidden = false;
    notice.querySelector("[data-kept-use]").addEventListener("click", function () {
      bringBack(offered.copy.values);
      drop(offered.name);
      notice.hidden = true;
    });
    notice.querySelector("[data-kept-drop]").addEventListener("click", function () {
      drop(offered.name);
      notice.hidden = true;
    });
  }

  var atFirst = JSON.stringify(fields());
  var pressed = ""; /* what the form held when it was sent; who writes on is still here, whatever became of the sending */
  function isLeaving() {
    return pressed !== "" && JSON.stringify(fields()) === pressed;
  }
  document.addEventListener("prose-editor:ready", function (event) {
    event.detail.textarea.storyEditor = event.detail.editor;
    atFirst = JSON.stringify(fields());
  });

  /* Who signs out, here or in another window, leaves nothing on the device: what was dropped then is not written again. */
  var dropped = "";
  function letGo() {
    dropped = JSON.stringify(fields());
  }
  document.addEventListener("story:dropped", letGo);
  window.addEventListener("storage", function (event) {
    if (event.key === key && event.newValue === null) letGo();
  });

  function keep(sent) {
    var now = fields();
    if ((JSON.stringify(now) === atFirst || JSON.stringify(now) === dropped) && !sent) return;
    write(key, { from: version, values: now, at: Date.now(), sent: sent });
    if (kept) {
      var time = new Date();
      kept.hidden = false;
      kept.querySelector("span").textContent = [time.getHours(), time.getMinutes()].map(function (part) {
        return (part < 10 ? "0" : "") + part;
      }).join(":");
    }
  }

  var autosaved = document.getElementById("story-autosaved");
  var lastSent = "";

  /* A copy on the server, for another device: it belongs to the state this form began with. */
  function autosave() {
    var now = JSON.stringify(fields());
    if (isLeaving() || now === atFirst || now === lastSent) return;
    lastSent = now;
    var data = new FormData();
    var values = fields();
    Object.keys(values).forEach(function (name) {
      data.append(name, values[name]);
    });
    ["csrfmiddlewaretoken", "form_key", "base"].forEach(function (name) {
      if (form.elements[name]) data.append(name, form.elements[name].value);
    });
    data.append("article", form.getAttribute("data-article") || "");
    fetch(form.getAttribute("data-autosave"), { method: "POST", body: data, credentials: "same-origin", keepalive: now.length < 20000 })
      .then(function (answer) {
        return answer.ok && !answer.redirected ? answer.json() : null;
      })
      .then(function (answer) {
        if (!answer) throw new Error("not kept");
        autosaved.hidden = false;
        autosaved.querySelector("span").textContent = answer.kept;
      })
      .catch(function () {
        lastSent = ""; /* the device has it; the next round tries again */
        autosaved.hidden = true;
      });
  }

  window.setInterval(function () {
    if (!isLeaving()) keep(false);
  }, 2000);
  window.setInterval(autosave, 15000);
  document.addEventListener("visibilitychange", autosave);

  /* Without a network a press would lead to the browser's own page of errors, and nothing on it says that the text is safe. */
  var gone = document.getElementById("story-offline");
  function sayGone(why) {
    gone.querySelector("p").textContent = gone.getAttribute(why);
    gone.hidden = false;
  }
  window.addEventListener("offline", function () {
    keep(false);
    sayGone("data-gone");
  });
  window.addEventListener("online", function () {
    gone.hidden = true;
    autosave();
  });
  form.addEventListener("submit", function (event) {
    if (navigator.onLine === false) {
      event.preventDefault();
      keep(false);
      sayGone("data-pressed");
      return;
    }
    pressed = JSON.stringify(fields());
    if (pressed !== atFirst) keep(true);
  });
  /* A press of Enter in a line of the form saves nothing: it is half a thought. */
  form.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && event.target.tagName === "INPUT" && /^(text|search|url)?$/.test(event.target.type)) {
      event.preventDefault();
    }
  });
  window.addEventListener("beforeunload", function (event) {
    if (isLeaving() || JSON.stringify(fields()) === atFirst) return;
    keep(false);
    event.preventDefault();
    event.returnValue = "";
  });
  window.addEventListener("pageshow", function () {
    pressed = "";
  });
})();
