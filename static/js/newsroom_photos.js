/* The photo desk: photos are brought in one by one while the text is written, each with its progress; without scripts
   they go with the form. */
(function () {
  "use strict";
  var form = document.querySelector("[data-story-form]");
  var desk = document.getElementById("photo-desk");
  var list = document.getElementById("photo-progress");
  if (!form || !desk || !list || !window.FormData) return;
  var rows = desk.querySelector(".photo-rows");
  var waiting = Promise.resolve();

  function show(file) {
    var line = document.createElement("p");
    var bar = document.createElement("progress");
    var name = document.createElement("span");
    bar.max = 100;
    bar.value = 0;
    name.textContent = file.name + " – " + form.getAttribute("data-waiting");
    line.append(bar, name);
    list.append(line);
    return { line: line, bar: bar, name: name };
  }

  function take(file, shown) {
    return new Promise(function (done) {
      var request = new XMLHttpRequest();
      var body = new FormData();
      body.append("article", form.getAttribute("data-article") || "");
      body.append("form_key", form.getAttribute("data-form-key") || "");
      body.append("file", file, file.name);
      request.open("POST", form.getAttribute("data-photo"));
      request.setRequestHeader("X-CSRFToken", form.elements.csrfmiddlewaretoken.value);
      request.responseType = "json";
      shown.name.textContent = file.name;
      request.upload.addEventListener("progress", function (event) {
        if (event.lengthComputable) shown.bar.value = (90 * event.loaded) / event.total;
      });
      function fail(sentence) {
        shown.line.classList.add("is-wrong");
        shown.bar.remove();
        shown.name.textContent = sentence;
        done(null);
      }
      /* The file is still in hand: it goes again at a press, and by itself once the network is back. */
      function failForNow(why) {
        var again = document.createElement("button");
        again.type = "button";
        again.className = "btn btn-secondary btn-sm";
        again.setAttribute("data-send-again", "");
        again.textContent = form.getAttribute("data-send-again");
        again.setAttribute("aria-label", again.textContent + ": " + file.name);
        again.addEventListener("click", function () {
          shown.line.remove();
          window.bringInPhoto(file);
        });
        fail(file.name + " – " + form.getAttribute(why));
        shown.line.append(again);
      }
      request.addEventListener("error", function () {
        failForNow("data-upload-failed");
      });
      request.addEventListener("load", function () {
        var answer = request.response;
        if (!answer && /\/login\//.test(request.responseURL)) {
          failForNow("data-signed-out");
          return;
        }
        if (!answer) {
          failForNow("data-upload-failed");
          return;
        }
        if (!answer.id) {
          fail(answer.error);
          return;
        }
        if (answer.known) {
          shown.bar.remove();
          shown.name.textContent = answer.known;
        } else {
          shown.line.remove();
        }
        add(answer);
        done(answer);
      });
      request.send(body);
    });
  }

  function add(answer) {
    if (document.getElementById("photo-row-" + answer.id)) return; /* the same picture once more */
    var first = !rows.querySelector("[data-photo-row]");
    desk.hidden = false;
    var all = form.querySelector("[data-insert-all]");
    if (all) all.hidden = false;
    rows.insertAdjacentHTML("beforeend", answer.row);
    form.querySelectorAll("[data-photo-count]").forEach(function (count) {
      count.hidden = false;
      count.textContent = count.getAttribute("data-photo-count") + " " + rows.querySelectorAll("[data-photo-row]").length;
    });
    document.dispatchEvent(new CustomEvent("story-photo", { detail: answer }));
    var cover = document.getElementById("cover-" + answer.id);
    var none = document.getElementById("cover-none");
    if (first && cover && none && none.checked) cover.checked = true;
  }

  window.addPhotoRow = add;

  /* One after the other: the server reads one picture at a time anyway. */
  window.bringInPhoto = function (file) {
    var shown = show(file);
    waiting = waiting.then(function () {
      return take(file, shown);
    });
    return waiting;
  };

  window.addEventListener("online", function () {
    list.querySelectorAll("[data-send-again]").forEach(function (again) {
      again.click();
    });
  });

  var input = form.querySelector('input[type="file"][name="new_photos"]');
  if (!input) return;
  form.querySelectorAll("[data-choose-photos]").forEach(function (button) {
    button.addEventListener("click", function () {
      input.click();
    });
  });
  input.addEventListener("change", function () {
    var files = Array.prototype.slice.call(input.files);
    if (!files.length) return;
    input.value = "";
    input.dispatchEvent(new Event("change", { bubbles: true }));
    files.forEach(window.bringInPhoto);
  });
})();
