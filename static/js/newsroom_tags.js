/* Offers known tags for the last word of the field of tags; without scripts they are typed. */
(function () {
  "use strict";
  var box = document.querySelector("[data-tags]");
  var data = document.getElementById("tag-names");
  if (!box || !data) return;
  var field = box.querySelector("input");
  var offers = box.querySelector(".tag-offers");
  var names = JSON.parse(data.textContent);

  function fold(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/g, "d").replace(/Đ/g, "d").toLowerCase().trim();
  }

  function take(name) {
    var parts = field.value.split(",");
    parts.pop();
    parts = parts.map(function (one) { return one.trim(); }).concat([name]);
    field.value = parts.join(", ") + ", ";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  }

  function offer() {
    var parts = field.value.split(",").map(fold);
    var last = parts.pop();
    var fitting = names.filter(function (name) {
      var folded = fold(name);
      return last && folded.indexOf(last) >= 0 && parts.indexOf(folded) < 0;
    }).slice(0, 6);
    offers.textContent = "";
    fitting.forEach(function (name) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "chip";
      button.lang = "vi";
      button.textContent = name;
      button.addEventListener("click", function () { take(name); });
      offers.appendChild(button);
    });
    offers.hidden = !fitting.length;
  }

  field.addEventListener("input", offer);
})();
