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
