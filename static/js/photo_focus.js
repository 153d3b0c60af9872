/* A click in a photo says what matters in it: the two fields that say the same in words follow. */
(function () {
  "use strict";
  var picture = document.querySelector("[data-focus]");
  var across = document.getElementById("id_focus_x");
  var down = document.getElementById("id_focus_y");
  var crop = document.querySelector(".library-crop .story-photo");
  if (!picture || !across || !down || !crop) return;
  var first = crop.className.replace(/focus-[xy]-\d+/g, "").trim();

  function step(part) {
    return Math.max(0, Math.min(4, Math.round(part * 4))) * 25;
  }

  function show() {
    var names = [first, "focus-x-" + across.value, "focus-y-" + down.value];
    crop.className = names.join(" ");
  }

  picture.addEventListener("click", function (event) {
    var box = picture.getBoundingClientRect();
    across.value = step((event.clientX - box.left) / box.width);
    down.value = step((event.clientY - box.top) / box.height);
    across.dispatchEvent(new Event("change", { bubbles: true }));
    show();
  });
  across.addEventListener("change", show);
  down.addEventListener("change", show);
})();
