/* The approver's remarks: each is kept as soon as its field is left; without this script the button keeps them all. */
(function () {
  "use strict";

  var form = document.getElementById("remarks");
  var count = document.getElementById("remarks-open");
  if (!form || !window.fetch) return;

  function tell(field, text, wrong) {
    var out = field.parentNode.querySelector(".remark-kept");
    if (!out) {
      out = document.createElement("span");
      out.className = "remark-kept";
      out.setAttribute("role", "status");
      field.parentNode.appendChild(out);
    }
    out.textContent = text;
    field.classList.toggle("is-invalid", wrong);
  }

  function keep(field) {
    var sent = new FormData();
    var text = field.value;
    sent.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    sent.append(field.name, text);
    window.fetch(form.action, { method: "POST", body: sent, headers: { Accept: "application/json" }, credentials: "same-origin" })
      .then(function (answer) {
        if (!answer.ok || answer.redirected) throw new Error("not kept");
        return answer.json();
      })
      .then(function (kept) {
        count.textContent = kept.open;
        if (kept.said.length) return tell(field, kept.said.join(" "), true);
        field.defaultValue = text; /* what stands on the server: nothing to ask about on leaving */
        return tell(field, form.getAttribute("data-kept"), false);
      })
      .catch(function () {
        form.removeAttribute("data-keeps"); /* whoever leaves now is asked */
        tell(field, form.getAttribute("data-lost"), true);
      });
  }

  Array.prototype.forEach.call(document.querySelectorAll("input.remark"), function (field) {
    field.addEventListener("change", function () { keep(field); });
    field.addEventListener("keydown", function (event) {
      if (event.key !== "Enter") return;
      event.preventDefault();
      field.blur();
    });
  });
})();
