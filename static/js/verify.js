/* The verification page: a reader's file is hashed in the browser and compared; it is sent nowhere. */
(function () {
  "use strict";

  var box = document.getElementById("compare");
  var data = document.getElementById("compare-hashes");
  if (!box || !data) return;
  var hashes = JSON.parse(data.textContent);
  var input = box.querySelector('input[type="file"]');
  var out = document.getElementById("compare-answer");

  var name = box.querySelector(".file-name");
  input.classList.add("visually-hidden"); /* else the browser's own button stands beside ours, in its own language */

  function tell(kind, text) {
    out.className = kind;
    out.textContent = text;
    out.hidden = false;
  }

  function inHex(bytes) {
    return Array.prototype.map.call(new Uint8Array(bytes), function (byte) {
      return ("0" + byte.toString(16)).slice(-2);
    }).join("");
  }

  function read(file) {
    return new Promise(function (done, fail) {
      var reader = new FileReader();
      reader.onload = function () { done(reader.result); };
      reader.onerror = fail;
      reader.readAsArrayBuffer(file);
    });
  }

  input.addEventListener("change", function () {
    var file = input.files[0];
    name.textContent = file ? file.name : name.getAttribute("data-none");
    out.hidden = true; /* what was said of another file */
    if (!file) return;
    if (!window.crypto || !window.crypto.subtle) {
      tell("alert alert-warning", box.getAttribute("data-unable"));
      return;
    }
    read(file)
      .then(function (bytes) { return window.crypto.subtle.digest("SHA-256", bytes); })
      .then(function (digest) {
        var same = Object.keys(hashes).some(function (kind) { return hashes[kind] === inHex(digest); });
        tell(same ? "alert alert-success" : "alert alert-danger", file.name + ": " + box.getAttribute(same ? "data-same" : "data-other"));
      })
      .catch(function () { tell("alert alert-warning", box.getAttribute("data-unread")); });
  });
})();
