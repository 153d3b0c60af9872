/* Photos of the library, looked for by words while an article is written; a press puts one beside the text. */
(function () {
  "use strict";
  var desk = document.getElementById("photo-library");
  if (!desk || !window.fetch) return;
  var asked = document.getElementById("library-words");
  var said = document.getElementById("library-said");
  var offers = desk.querySelector("ul");
  var timer = null;
  var last = 0;

  function offer(photo) {
    var line = document.createElement("li");
    var button = document.createElement("button");
    var image = document.createElement("img");
    var name = document.createElement("span");
    button.type = "button";
    image.src = photo.src;
    image.alt = "";
    name.textContent = photo.name;
    button.append(image, name);
    button.addEventListener("click", function () {
      window.addPhotoRow(photo);
      line.remove();
      var row = document.getElementById("photo-row-" + photo.id);
      var put = row && row.querySelector("[data-insert-photo]");
      if (put) put.focus();
    });
    line.append(button);
    return line;
  }

  function look() {
    var number = ++last;
    fetch(desk.getAttribute("data-library") + "?q=" + encodeURIComponent(asked.value), { credentials: "same-origin" })
      .then(function (answer) {
        if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
        return answer.json();
      })
      .then(function (found) {
        if (number !== last) return;
        offers.textContent = "";
        found.photos.forEach(function (photo) {
          if (!document.getElementById("photo-row-" + photo.id)) offers.append(offer(photo));
        });
        said.textContent = offers.children.length ? "" : desk.getAttribute("data-none");
      })
      .catch(function () {
        if (number === last) said.textContent = desk.getAttribute("data-failed");
      });
  }

  desk.addEventListener("toggle", function () {
    if (desk.open && !offers.children.length) look();
  });
  asked.addEventListener("input", function () {
    clearTimeout(timer);
    timer = setTimeout(look, 300);
  });
  asked.addEventListener("keydown", function (event) {
    if (event.key !== "Enter") return;
    event.preventDefault();
    clearTimeout(timer);
    look();
  });
})();
