/* What the newsroom adds to the prose editor: photos that stand in the text by their id, and a copy of what is being
   written, kept on this device, so that a lost session or network loses no sentence. */
import { Node, mergeAttributes } from "django-prose-editor/editor";

const data = JSON.parse(document.getElementById("photo-data")?.textContent || "{}");
const words = document.querySelector("[data-story-form]")?.dataset || {};

/* A photo is one unbreakable thing in the text; caption and description belong to the photo itself. */
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
      const figure = document.createElement("figure");
      figure.className = "story-figure";
      figure.setAttribute("data-photo", node.attrs.id);
      const photo = data[node.attrs.id];
      if (photo) {
        const image = document.createElement("img");
        image.src = photo.src;
        image.alt = "";
        figure.append(image);
      }
      const caption = document.createElement("figcaption");
      caption.textContent = photo ? photo.caption || words.noCaption : words.placeForPhoto;
      figure.append(caption);
      return { dom: figure };
    };
  },
});

/* The buttons beside the photos put one where the cursor is. */
document.addEventListener("prose-editor:ready", (event) => {
  const { editor, textarea } = event.detail;
  const label = textarea.labels && textarea.labels[0];
  editor.view.dom.setAttribute("aria-label", label ? label.textContent.trim() : textarea.name);
  editor.view.dom.setAttribute("aria-multiline", "true");
  document.addEventListener("click", (click) => {
    const button = click.target.closest("[data-insert-photo]");
    if (!button) return;
    click.preventDefault();
    editor.chain().focus().insertContent({ type: "photo", attrs: { id: button.dataset.insertPhoto } }).run();
    textarea.dispatchEvent(new Event("input", { bubbles: true }));
  });
});
