/*
 * The desk's editor. The form works without this file: what it suggests is typed, what it
 * takes from the source is pasted, what it saves is saved by a button.
 */
(() => {
  "use strict";

  const form = () => document.getElementById("change-form");
  const once = new WeakSet();

  // The server answers for the field that somebody types in, and for no other.
  const note = (event) => {
    const field = event.target.closest?.("#change-form [name]");
    if (field) field.form.elements._field.value = field.name;
  };
  document.addEventListener("input", note, true);
  document.addEventListener("change", note, true);

  /* Pickers: a combobox with a list, as WAI-ARIA describes it. ------------------------------ */

  const options = (list) => [...list.querySelectorAll("[role=option]")];
  const chosen = (list) => list.querySelector("[aria-selected=true]");

  const close = (input, list) => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const mark = (input, list, option) => {
    for (const each of options(list)) each.setAttribute("aria-selected", String(each === option));
    if (!option) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };

  const show = (input, list) => {
    const found = options(list);
    found.forEach((option, n) => {
      option.id = `${list.id}-${n}`;
    });
    const open = found.length > 0 && document.activeElement === input;
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    input.removeAttribute("aria-activedescendant");
  };

  const choose = (input, list, option) => {
    input.value = option.dataset.value;
    close(input, list);
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const ask = (input, list) => {
    const query = new URLSearchParams({ q: input.value });
    const url = `${input.form.dataset.pickUrl}${input.dataset.pick}/?${query}`;
    htmx.ajax("GET", url, { source: list, target: list, swap: "innerHTML" });
  };

  const step = (input, list, by) => {
    const found = options(list);
    if (!found.length) return;
    const at = found.indexOf(chosen(list));
    const next = at < 0 && by < 0 ? found.length - 1 : (at + by + found.length) % found.length;
    mark(input, list, found[next]);
  };

  const keys = {
    ArrowDown: (input, list) => (list.hidden ? ask(input, list) : step(input, list, 1)),
    ArrowUp: (input, list) => (list.hidden ? ask(input, list) : step(input, list, -1)),
  };

  const press = (event, input, list) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (keys[event.key]) {
      event.preventDefault();
      keys[event.key](input, list);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close(input, list);
    } else if (event.key === "Enter" && !list.hidden && chosen(list)) {
      event.preventDefault();
      choose(input, list, chosen(list));
    }
  };

  const makePicker = (input) => {
    if (once.has(input)) return;
    once.add(input);
    const list = document.createElement("ul");
    list.id = `${input.id}_list`;
    list.className = "picker";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", `Suggestions for ${input.labels[0]?.textContent ?? input.name}`);
    // Asked one after the other: an answer that came too late would take the newer one's place.
    list.setAttribute("data-hx-sync", "this:queue last");
    list.addEventListener("htmx:afterSwap", () => show(input, list));
    input.after(list);
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": list.id,
    })) {
      input.setAttribute(name, value);
    }
    let timer;
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => ask(input, list), 200);
    });
    input.addEventListener("keydown", (event) => press(event, input, list));
    input.addEventListener("blur", () => {
      clearTimeout(timer);
      close(input, list);
    });
    // Before the field loses the focus, which would close the list under the pointer.
    list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) choose(input, list, option);
    });
  };

  const makePickers = () => {
    for (const input of document.querySelectorAll("#change-form [data-pick]")) makePicker(input);
  };

  /* The quote: words selected in the source's text. ----------------------------------------- */

  let earlier = "";

  const put = (words) => {
    const quote = form().elements.quote;
    quote.value = words;
    quote.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const take = () => {
    const selection = document.getSelection();
    const pane = document.querySelector("[data-takes-quote]");
    if (!pane || !selection || selection.isCollapsed) return;
    if (!pane.contains(selection.anchorNode) || !pane.contains(selection.focusNode)) return;
    const words = selection.toString().trim();
    const held = form().elements.quote.value;
    if (words.length < 3 || words === held) return;
    earlier = held;
    put(words);
  };
  document.addEventListener("mouseup", take);
  document.addEventListener("keyup", (event) => {
    if (event.target.closest?.("[data-takes-quote]")) take();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-quote-undo]")) return;
    put(earlier);
    earlier = "";
  });

  /* Saving: a button waits for the autosave that is under way, so that a draft is made once. -- */

  let saving = false;
  let waiting = null;

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt.id === "saved") saving = true;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt.id !== "saved") return;
    saving = false;
    const button = waiting;
    waiting = null;
    if (button) setTimeout(() => form().requestSubmit(button.isConnected ? button : null));
  });
  document.addEventListener("submit", (event) => {
    if (event.target !== form() || !saving) return;
    event.preventDefault();
    waiting = event.submitter;
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    makePickers();
    const undo = document.querySelector("[data-quote-undo]");
    if (undo) undo.hidden = earlier === "";
    // What was added or taken away is saved like what is typed.
    if (event.detail.target?.id === "items") {
      event.detail.target.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
  makePickers();
})();
