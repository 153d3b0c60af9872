/* What the newsroom adds to the prose editor: photos that stand in the text by their id with their caption under them,
   and a paste that the server cleans before the editor drops the marks of Word. */
import { Node, Table as PlainTable, mergeAttributes } from "django-prose-editor/editor";

const form = document.querySelector("[data-story-form]");
const words = form?.dataset || {};
const data = JSON.parse(document.getElementById("photo-data")?.textContent || "{}");

document.addEventListener("story-photo", (event) => {
  data[event.detail.id] = event.detail;
});

const captionOf = (id) => document.querySelector(`[name="photo-${id}-caption"]`);

/* A photo is one unbreakable thing in the text. Its caption is the field of the photo itself, written in either place. */
export const Photo = Node.create({
  name: "photo",
  group: "block",
  atom: true,
  draggable: true,
  selectable: true,
  addAttributes() {
    return { id: { default: "", parseHTML: (element) => element.getAttribute("data-photo") || "" } };
  },
  parseHTML() {
    return [{ tag: "figure[data-photo]" }];
  },
  renderHTML({ HTMLAttributes, node }) {
    return ["figure", mergeAttributes({ "data-photo": node.attrs.id })];
  },
  addNodeView() {
    return ({ node }) => {
      const id = node.attrs.id;
      const figure = document.createElement("figure");
      figure.className = "story-figure";
      figure.setAttribute("data-photo", id);
      const photo = data[id];
      if (photo) {
        const image = document.createElement("img");
        image.src = photo.src;
        image.alt = "";
        figure.append(image);
      }
      const caption = document.createElement("figcaption");
      const field = captionOf(id);
      if (field) {
        const line = document.createElement("input");
        line.className = "form-control";
        line.maxLength = field.maxLength;
        line.value = field.value;
        line.placeholder = words.noCaption;
        line.setAttribute("aria-label", field.labels?.[0]?.textContent.trim() || words.noCaption);
        line.addEventListener("input", () => {
          field.value = line.value;
          field.dispatchEvent(new Event("input", { bubbles: true }));
        });
        caption.append(line);
      } else {
        caption.textContent = photo ? photo.caption || words.noCaption : words.placeForPhoto;
      }
      figure.append(caption);
      return {
        dom: figure,
        stopEvent: (event) => caption.contains(event.target),
        ignoreMutation: () => true,
      };
    };
  },
});

/* A file or a video in the text: one unbreakable thing each, as the cleaner keeps it. */
const inserts = document.getElementById("story-inserts");
const files = Object.fromEntries(
  JSON.parse(document.getElementById("file-data")?.textContent || "[]").map((one) => [String(one.id), one.name]),
);

function placeOf(name, attribute, label) {
  return Node.create({
    name,
    group: "block",
    atom: true,
    draggable: true,
    selectable: true,
    addAttributes() {
      return {
        key: { default: "", parseHTML: (element) => element.getAttribute(attribute) || "" },
        title: { default: "", parseHTML: (element) => element.getAttribute("title") || "" },
      };
    },
    parseHTML() {
      return [{ tag: `figure[${attribute}]` }];
    },
    renderHTML({ node }) {
      return ["figure", { [attribute]: node.attrs.key, ...(node.attrs.title ? { title: node.attrs.title } : {}) }];
    },
    addNodeView() {
      return ({ node }) => {
        const figure = document.createElement("figure");
        figure.className = "story-figure";
        figure.setAttribute(attribute, node.attrs.key);
        figure.textContent = label(node.attrs);
        return { dom: figure, ignoreMutation: () => true };
      };
    },
  });
}

export const FilePlace = placeOf(
  "filePlace",
  "data-file",
  (attrs) => `${inserts?.dataset.fileLabel || ""}: ${files[attrs.key] || attrs.key}`,
);
export const VideoPlace = placeOf(
  "videoPlace",
  "data-video",
  (attrs) => `${inserts?.dataset.videoLabel || ""}: ${attrs.title || attrs.key}`,
);

/* A table with its caption, a line of plain words above it, as the cleaner keeps it. */
export const Table = PlainTable.extend({
  addAttributes() {
    const read = (element) => element.querySelector(":scope > caption")?.textContent.trim() || "";
    return { ...this.parent?.(), caption: { default: "", parseHTML: read, renderHTML: () => ({}) } };
  },
  parseHTML() {
    return [...(this.parent?.() || [{ tag: "table" }]), { tag: "caption", ignore: true }];
  },
  renderHTML({ HTMLAttributes, node }) {
    const caption = node.attrs.caption ? [["caption", {}, node.attrs.caption]] : [];
    return ["table", mergeAttributes(this.options.HTMLAttributes, HTMLAttributes), ...caption, ["tbody", 0]];
  },
  addNodeView() {
    const draw = this.parent();
    return (props) => {
      const shown = draw(props);
      const line = document.createElement("input");
      line.className = "form-control table-caption";
      line.value = props.node.attrs.caption;
      line.placeholder = window.gettext("table caption");
      line.setAttribute("aria-label", line.placeholder);
      line.addEventListener("input", () => {
        const at = props.getPos();
        const table = props.editor.state.doc.nodeAt(at);
        const attrs = { ...table.attrs, caption: line.value.trim() };
        props.editor.view.dispatch(props.editor.state.tr.setNodeMarkup(at, undefined, attrs));
      });
      shown.dom.prepend(line);
      const update = shown.update;
      shown.update = (node) => {
        if (!update(node)) return false;
        if (line !== document.activeElement) line.value = node.attrs.caption;
        return true;
      };
      shown.stopEvent = (event) => line === event.target;
      return shown;
    };
  },
});

/* What is missing is marked on the photo, and the caption in the text follows the one beside the photo. */
document.addEventListener("input", (event) => {
  const found = /^photo-(\d+)-(caption|alt|decorative)$/.exec(event.target.name || "");
  if (!found) return;
  const field = (name) => document.querySelector(`[name="photo-${found[1]}-${name}"]`);
  const missing = found[2] === "caption" ? "caption" : "alt";
  const mark = document.querySelector(`[data-photo-row="${found[1]}"] [data-missing="${missing}"]`);
  if (mark) mark.hidden = field(missing).value.trim() !== "" || (missing === "alt" && field("decorative").checked);
  if (found[2] !== "caption") return;
  document.querySelectorAll(`figure[data-photo="${found[1]}"] figcaption input`).forEach((line) => {
    if (line !== document.activeElement) line.value = event.target.value;
  });
});

/* The toolbar says its titles in English only. */
function translateToolbar(editor) {
  const bar = editor.view.dom.closest(".prose-editor")?.querySelector(".prose-menubar");
  if (!bar) return;
  bar.querySelectorAll("*").forEach((one) => {
    ["title", "aria-label"].forEach((name) => {
      const text = one.getAttribute(name);
      if (text && window.gettext(text) !== text) one.setAttribute(name, window.gettext(text));
    });
    const drawn = /material/.test(one.getAttribute("class") || "") || one.namespaceURI.endsWith("svg");
    if (!one.children.length && !drawn && window.gettext(one.textContent) !== one.textContent) {
      one.textContent = window.gettext(one.textContent);
    }
  });
}

/* So do the answers of its dialogs, whose values its own script compares. */
new MutationObserver(() => {
  document.querySelectorAll("dialog[open] option").forEach((option) => {
    const shown = window.gettext(option.value);
    if (option.textContent !== option.value || shown === option.value) return;
    option.setAttribute("value", option.value);
    option.textContent = shown;
  });
}).observe(document.body, { subtree: true, childList: true });

document.addEventListener("prose-editor:ready", (event) => {
  const { editor, textarea } = event.detail;
  const label = textarea.labels && textarea.labels[0];
  editor.view.dom.setAttribute("aria-label", label ? label.textContent.trim() : textarea.name);
  editor.view.dom.setAttribute("aria-multiline", "true");
  translateToolbar(editor);
  new MutationObserver(() => translateToolbar(editor)).observe(
    editor.view.dom.closest(".prose-editor")?.querySelector(".prose-menubar") || textarea.parentNode,
    { subtree: true, childList: true },
  );

  const token = form?.elements.csrfmiddlewaretoken?.value;

  /* A photo goes behind the block where the cursor is, and the next one behind it, until the cursor is moved. */
  let last = null;
  function insertPhoto(id) {
    const { selection, doc } = editor.state;
    let at = selection.$to.depth ? selection.$to.after(1) : selection.to;
    if (last && selection.from === last.cursor && doc.nodeAt(last.at)?.type.name === "photo") at = last.at + 1;
    const content = [{ type: "photo", attrs: { id: String(id) } }];
    if (at >= doc.content.size) content.push({ type: "paragraph" });
    editor.chain().insertContentAt(at, content, { updateSelection: false }).setTextSelection(at + 2).run();
    last = { at, cursor: editor.state.selection.from };
    textarea.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function insertBlock(block) {
    const { selection, doc } = editor.state;
    const at = selection.$to.depth ? selection.$to.after(1) : selection.to;
    const content = at >= doc.content.size ? [block, { type: "paragraph" }] : [block];
    editor.chain().insertContentAt(at, content, { updateSelection: false }).setTextSelection(at + 2).run();
    textarea.dispatchEvent(new Event("input", { bubbles: true }));
    editor.commands.focus();
  }
  if (inserts) prepareInserts();

  /* Links to pages found by words, videos by their link, files brought in at once. */
  function prepareInserts() {
    const [linkSaid, videoSaid, fileSaid] = ["link", "video", "file"].map((one) => document.getElementById(`insert-${one}-said`));
    const failed = inserts.dataset.failed;
    const ask = async (url, options) => {
      const answer = await fetch(url, options);
      if (answer.redirected || (!answer.ok && answer.status !== 422)) throw new Error(String(answer.status));
      return answer.json();
    };

    const asked = document.getElementById("insert-link");
    const pages = document.getElementById("insert-pages");
    let timer = null;
    let last = 0;
    async function look() {
      const number = ++last;
      try {
        const found = await ask(`${inserts.dataset.link}?q=${encodeURIComponent(asked.value)}`);
        if (number !== last) return;
        pages.replaceChildren(
          ...found.pages.map((page) => {
            const line = document.createElement("li");
            const button = document.createElement("button");
            button.type = "button";
            button.className = "btn btn-secondary btn-sm";
            button.textContent = page.title;
            button.addEventListener("click", () => putLink(page));
            line.append(button);
            return line;
          }),
        );
        linkSaid.textContent = found.pages.length || asked.value.trim().length < 2 ? "" : inserts.dataset.none;
      } catch {
        if (number === last) linkSaid.textContent = failed;
      }
    }
    /* The editor's search for links in typed text takes closing quotes off a link's end: it is not asked here. */
    function putLink(page) {
      const mark = { type: "link", attrs: { href: page.link } };
      if (editor.state.selection.empty) {
        editor.chain().setMeta("preventAutolink", true).insertContent([{ type: "text", text: page.title, marks: [mark] }, { type: "text", text: " " }]).run();
      } else {
        editor.chain().setMeta("preventAutolink", true).setMark("link", { href: page.link }).run();
      }
      textarea.dispatchEvent(new Event("input", { bubbles: true }));
      editor.commands.focus();
    }
    asked.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(look, 300);
    });
    const link = document.getElementById("insert-video");
    const title = document.getElementById("insert-video-title");
    async function putVideo() {
      try {
        const found = await ask(`${inserts.dataset.video}?link=${encodeURIComponent(link.value)}`);
        videoSaid.textContent = found.error || "";
        link.setAttribute("aria-invalid", String(!found.video));
        if (!found.video) return link.focus();
        insertBlock({ type: "videoPlace", attrs: { key: found.video, title: title.value.trim() } });
        link.value = title.value = "";
      } catch {
        videoSaid.textContent = failed;
      }
    }
    document.getElementById("insert-video-put").addEventListener("click", putVideo);
    [asked, link, title].forEach((field) =>
      field.addEventListener("keydown", (event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        if (field === asked) look();
        else putVideo();
      }),
    );

    document.addEventListener("click", (click) => {
      const button = click.target.closest("[data-insert-file]");
      if (button) insertBlock({ type: "filePlace", attrs: { key: button.dataset.insertFile } });
    });
    /* A file taken out of the text can be put in again. */
    function offerFile(taken) {
      const list = document.getElementById("insert-files");
      const line = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-secondary btn-sm";
      button.dataset.insertFile = taken.id;
      button.textContent = list.dataset.put;
      button.setAttribute("aria-label", `${list.dataset.put}: ${taken.name}`);
      line.append(button, ` ${taken.name}`);
      list.append(line);
    }
    const input = form.querySelector('input[type="file"][name="new_files"]');
    input?.addEventListener("change", async () => {
      const chosen = [...input.files];
      if (!chosen.length) return;
      input.value = "";
      fileSaid.textContent = "";
      input.dispatchEvent(new Event("change", { bubbles: true }));
      for (const file of chosen) {
        const body = new FormData();
        body.append("article", words.article || "");
        body.append("form_key", words.formKey || "");
        body.append("file", file, file.name);
        try {
          const taken = await ask(inserts.dataset.file, { method: "POST", body, headers: { "X-CSRFToken": token } });
          if (taken.error) fileSaid.textContent += `${taken.error} `;
          if (!taken.id) continue;
          if (!files[String(taken.id)]) offerFile(taken);
          files[String(taken.id)] = taken.name;
          insertBlock({ type: "filePlace", attrs: { key: String(taken.id) } });
        } catch {
          fileSaid.textContent += `${file.name} – ${failed} `;
        }
      }
    });
  }
  const idsInText = () => [...editor.getHTML().matchAll(/data-photo="(\d+)"/g)].map((found) => found[1]);

  document.addEventListener("click", (click) => {
    const button = click.target.closest("[data-insert-photo], [data-insert-all]");
    if (!button) return;
    click.preventDefault();
    if (button.dataset.insertPhoto) {
      insertPhoto(button.dataset.insertPhoto);
    } else {
      const there = idsInText();
      document.querySelectorAll("[data-photo-row]").forEach((row) => {
        if (!there.includes(row.dataset.photoRow)) insertPhoto(row.dataset.photoRow);
      });
    }
    editor.commands.focus();
  });

  /* The raw clipboard goes to the server, and what it makes of it comes in; pictures in it are brought in as photos. */
  const notice = document.getElementById("story-pasted");
  function say(sentence) {
    if (!notice) return;
    notice.hidden = !sentence;
    notice.querySelector("p").textContent = sentence;
    if (sentence) notice.scrollIntoView({ block: "nearest" });
  }
  /* The bytes of a picture that stands in the text itself; the page may ask nobody but its own server, not even itself. */
  function readPicture(address, number) {
    const found = /^data:(image\/[\w.+-]+)[^,]*;base64,(.+)$/is.exec(address);
    if (!found) return null;
    try {
      const bytes = Uint8Array.from(atob(decodeURIComponent(found[2]).replace(/\s/g, "")), (one) => one.charCodeAt(0));
      return new File([bytes], `anh-dan-${number}.${found[1].slice(6).replace(/\W.*/, "")}`, { type: found[1] });
    } catch {
      return null;
    }
  }
  /* Pages set a point where a picture is still to come, or to count visits: that is no photo. */
  async function isPoint(file) {
    try {
      const drawn = await createImageBitmap(file);
      return drawn.width < 8 && drawn.height < 8;
    } catch {
      return false; /* the server knows kinds that browsers do not */
    }
  }
  /* Each becomes a photo where it stood. What could not be brought in loses its bytes: the server counts it. */
  async function bringInPictures(page) {
    let number = 0;
    for (const image of page.querySelectorAll("img")) {
      const address = image.getAttribute("src") || "";
      image.removeAttribute("src");
      if (!/^data:image\//i.test(address) || image.closest("s, strike, del")) continue;
      const file = readPicture(address, ++number);
      if (file && (await isPoint(file))) {
        const isToCome = [...image.attributes].some(({ name, value }) => /^(data-|srcset)/.test(name) && /[./]/.test(value));
        if (!isToCome && !image.closest("picture")) image.remove();
        continue;
      }
      const photo = file && (await window.bringInPhoto?.(file));
      if (!photo) continue;
      const figure = page.createElement("figure");
      figure.setAttribute("data-photo", photo.id);
      image.replaceWith(figure);
    }
    return page.documentElement.outerHTML;
  }
  async function bringInFiles(files) {
    say("");
    for (const file of files) {
      const photo = await window.bringInPhoto?.(file);
      if (photo) insertPhoto(photo.id);
    }
  }
  async function takePaste(html, files, plain) {
    const page = new DOMParser().parseFromString(html, "text/html");
    if (files.length && !page.body.textContent.trim()) {
      bringInFiles(files); /* one picture alone: browsers set a line of HTML with its address beside it */
      return;
    }
    /* The place moves along with what is written while the pictures are on their way. */
    const place = { from: editor.state.selection.from, to: editor.state.selection.to };
    const follow = ({ transaction }) => {
      place.from = transaction.mapping.map(place.from, -1);
      place.to = Math.max(place.from, transaction.mapping.map(place.to, -1));
    };
    editor.on("transaction", follow);
    let isSignedOut = false;
    try {
      const body = new FormData();
      body.append("html", page.querySelector('img[src^="data:" i]') ? await bringInPictures(page) : html);
      const answer = await fetch(words.paste, { method: "POST", body, headers: { "X-CSRFToken": token } });
      isSignedOut = answer.redirected;
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const cleaned = await answer.json();
      const lone = /^<p>((?!<p>|<h\d|<ul|<ol|<table|<blockquote|<figure).)*<\/p>$/s.test(cleaned.html);
      editor.chain().setMeta("preventAutolink", true).insertContentAt(place, lone ? cleaned.html.slice(3, -4) : cleaned.html).focus().run();
      say(cleaned.sentence);
    } catch {
      editor.chain().insertContentAt(place, plain.split(/\n+/).map((line) => ({ type: "paragraph", content: line ? [{ type: "text", text: line }] : [] }))).run();
      say(isSignedOut ? words.pasteSignedOut : words.pasteFailed);
    } finally {
      editor.off("transaction", follow);
    }
    textarea.dispatchEvent(new Event("input", { bubbles: true }));
  }
  editor.view.dom.addEventListener(
    "paste",
    (paste) => {
      const clipboard = paste.clipboardData;
      if (!words.paste || !clipboard || paste.target.tagName === "INPUT") return;
      const html = clipboard.getData("text/html");
      const files = [...clipboard.files].filter((file) => file.type.startsWith("image/"));
      if ((!html && !files.length) || html.includes("data-pm-slice")) return; /* the editor's own cut and paste */
      paste.preventDefault();
      paste.stopImmediatePropagation();
      takePaste(html, files, clipboard.getData("text/plain"));
    },
    true,
  );
});
