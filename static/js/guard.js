/* Leaving a page with typed text that no button has sent yet: the browser asks first. Nothing else happens here. */
(function () {
  "use strict";
  var sending = null;

  function isTyped(field) {
    if (field.disabled || field.readOnly) return false;
    if (field.type === "file") return Boolean(field.value);
    if (field.nodeName === "TEXTAREA" || /^(text|tel|email|url|number|date)$/.test(field.type)) return field.value !== field.defaultValue;
    return false;
  }
  function isDirty(form) {
    if (form === sending || form.method !== "post" || form.hasAttribute("data-autosubmit") || form.hasAttribute("data-keeps")) return false;
    return Array.prototype.some.call(form.elements, isTyped);
  }

  /* Who types on is still here: the sending was stopped, or came to nothing. In a guarded form what was typed is saved by
     the press itself: there is nothing yet to confirm. */
  document.addEventListener("input", function (event) {
    var form = event.target.form;
    if (form === sending) sending = null;
    if (!form || !form.hasAttribute("data-guarded")) return;
    Array.prototype.forEach.call(form.elements, function (button) {
      if (button.type === "submit") button.removeAttribute("data-confirm");
    });
  });
  window.addEventListener("submit", function (event) {
    if (!event.defaultPrevented) sending = event.target;
  });
  window.addEventListener("pageshow", function () { sending = null; });
  window.addEventListener("beforeunload", function (event) {
    if (!Array.prototype.some.call(document.forms, isDirty)) return;
    event.preventDefault();
    event.returnValue = "";
  });
})();
