/* A form whose session has ended while its page stood open: its person signs in again on the page itself, and the form
   goes on. The portal is asked only of a page that stood for a while or was out of sight (its person may have signed out
   in another tab); any other form is sent at once. Without this script, when the portal cannot be asked, or when a
   session ended sooner, the sign-in page keeps what was typed. */
(function () {
  "use strict";
  var dialog = document.getElementById("sign-in-again");
  if (!dialog || !dialog.showModal || !window.fetch || !window.FormData || !HTMLFormElement.prototype.requestSubmit) return;
  var asked = dialog.querySelector("form");
  var password = asked.elements.password;
  var problem = dialog.querySelector("[data-problem]");
  var FRESH = 5 * 60 * 1000; /* for so long after the portal told of the session it is taken to stand */
  var told = Date.now(); /* when that was, for this page: as it was loaded, or asked since; 0 is unknown */
  var waiting = null; /* the form that was stopped, its button, and what the portal said of it */

  function ask(form, button) {
    var action = (button && button.getAttribute("formaction")) || form.getAttribute("action") || window.location.pathname;
    var path = action.split("?")[0];
    var address = dialog.getAttribute("data-state") + "?path=" + encodeURIComponent(path) + "&button=" + encodeURIComponent((button && button.name) || "");
    var typist = form.elements.typed_by;
    return window.fetch(address, { credentials: "same-origin", cache: "no-store", headers: { Accept: "application/json", "X-Typed-By": typist ? typist.value : "" } })
      .then(function (answer) { return answer.ok ? answer.json() : Promise.reject(new Error("no answer")); })
      .then(function (state) {
        told = state.same ? Date.now() : 0;
        return state;
      });
  }
  function isFresh() {
    var age = Date.now() - told;
    return age >= 0 && age < FRESH;
  }
  function forget() { told = 0; }
  function goOn(form, button) {
    form.setAttribute("data-session-known", "yes");
    if (button) form.requestSubmit(button);
    else form.requestSubmit();
    form.removeAttribute("data-session-known");
  }
  function renew(token) {
    Array.prototype.forEach.call(document.querySelectorAll('input[name="csrfmiddlewaretoken"]'), function (field) { field.value = token; });
  }
  function say(text) {
    problem.textContent = text;
    problem.hidden = !text;
  }
  function open(form, button, state) {
    waiting = { form: form, button: button };
    renew(state.token);
    asked.elements.login.value = state.username;
    dialog.querySelector("[data-name]").textContent = state.name;
    say("");
    show(false);
    dialog.showModal();
    password.value = "";
    password.focus();
  }
  function show(done) {
    asked.hidden = done;
    dialog.querySelector("[data-again]").hidden = !done;
  }

  var loaded = window.performance && performance.getEntriesByType && performance.getEntriesByType("navigation")[0];
  if (loaded && loaded.type === "back_forward") forget(); /* the page may come from the browser's memory */
  window.addEventListener("pageshow", function (event) { if (event.persisted) forget(); });
  document.addEventListener("visibilitychange", function () { if (document.visibilityState === "hidden") forget(); });

  /* Before all others see it: is the session still there? They see the form once it is. */
  window.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post" || form === asked || /\/logout\/$/.test(form.getAttribute("action") || "") || !form.elements.typed_by || form.hasAttribute("data-session-known") || isFresh()) return;
    var button = event.submitter || (document.activeElement && document.activeElement.form === form && document.activeElement.type === "submit" ? document.activeElement : null);
    var asks = form.hasAttribute("data-confirm") || (button && button.hasAttribute("data-confirm"));
    if (asks && form.getAttribute("data-confirmed") !== "yes") return; /* "Are you sure?" comes first */
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.hasAttribute("data-asking")) return; /* the second click of two */
    form.setAttribute("data-asking", "yes");
    ask(form, button).then(function (state) {
      form.removeAttribute("data-asking");
      if (state.same || !state.known || state.signed_in) goOn(form, button);
      else open(form, button, state);
    }).catch(function () {
      form.removeAttribute("data-asking");
      goOn(form, button);
    });
  }, true);

  asked.addEventListener("submit", function (event) {
    event.preventDefault();
    if (asked.hasAttribute("data-asking")) return;
    asked.setAttribute("data-asking", "yes");
    window.fetch(asked.getAttribute("action"), { method: "POST", body: new FormData(asked), credentials: "same-origin", headers: { "X-Requested-With": "XMLHttpRequest", Accept: "application/json" } })
      .then(function (answer) {
        return answer.json().catch(function () { return {}; }).then(function (said) { return { ok: answer.ok, form: said.form }; });
      })
      .then(function (answer) {
        if (!answer.ok) return refuse(answer.form);
        return ask(waiting.form, waiting.button).then(goOnAs);
      })
      .catch(function () { say(dialog.getAttribute("data-unreachable")); })
      .then(function () { asked.removeAttribute("data-asking"); });
  });
  function refuse(form) {
    var first = "";
    if (form) {
      Object.keys(form.fields).forEach(function (name) { first = first || form.fields[name].errors[0] || ""; });
      first = form.errors[0] || first;
    }
    say(first || dialog.getAttribute("data-unreachable"));
    password.select();
  }
  function goOnAs(state) {
    var stopped = waiting;
    renew(state.token);
    if (!state.same || state.saves) {
      dialog.close();
      goOn(stopped.form, stopped.button); /* with a second factor to give, the sign-in page asks for it */
      return;
    }
    stopped.form.removeAttribute("data-confirmed");
    show(true);
    dialog.querySelector("[data-again] button").focus();
  }
})();
