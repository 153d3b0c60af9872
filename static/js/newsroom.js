/* Keeps what is being written in a story's form on this device until it is saved; offers it again afterwards. */
(function () {
  "use strict";
  var form = document.querySelector("[data-story-form]");
  if (!form || !window.localStorage) return;
  var key = "story:" + form.getAttribute("data-story-form");
  var names = ["title", "lead", "body", "byline", "source"];
  var notice = document.getElementById("story-kept");

  function fields() {
    var values = {};
    names.forEach(function (name) {
      var field = form.elements[name];
      if (field) values[name] = field.value;
    });
    return values;
  }

  function read() {
    try {
      return JSON.parse(window.localStorage.getItem(key));
    } catch (error) {
      return null;
    }
  }

  var atFirst = JSON.stringify(fields());
  var kept = read();
  /* Another text than the page's is kept: it was never saved. */
  if (kept && notice && kept.from === form.getAttribute("data-version") && JSON.stringify(kept.values) !== atFirst) {
    notice.hidden = false;
    notice.querySelector("[data-kept-use]").addEventListener("click", function () {
      names.forEach(function (name) {
        var field = form.elements[name];
        if (!field || kept.values[name] === undefined) return;
        field.value = kept.values[name];
        field.dispatchEvent(new Event("change", { bubbles: true }));
      });
      var editor = form.elements.body && form.elements.body.storyEditor;
      if (editor) editor.commands.setContent(kept.values.body);
      notice.hidden = true;
    });
    notice.querySelector("[data-kept-drop]").addEventListener("click", function () {
      window.localStorage.removeItem(key);
      notice.hidden = true;
    });
  } else if (kept) {
    window.localStorage.removeItem(key);
  }
  document.addEventListener("prose-editor:ready", function (event) {
    event.detail.textarea.storyEditor = event.detail.editor;
    atFirst = JSON.stringify(fields());
  });

  window.setInterval(function () {
    var now = fields();
    if ((notice && !notice.hidden) || JSON.stringify(now) === atFirst) return;
    try {
      window.localStorage.setItem(key, JSON.stringify({ from: form.getAttribute("data-version"), values: now }));
    } catch (error) {
      /* no room: the text is still in the form */
    }
  }, 2000);
})();
