/*
 * Niceties. Every page works without this file, which is why each control that needs it is
 * hidden until it has run. It is loaded in the head and blocks, so that a chosen theme is
 * there before the first paint; everything else waits for events on the document.
 */
(() => {
  "use strict";

  const root = document.documentElement;
  const themes = ["automatic", "light", "dark"];
  root.classList.add("js");

  const remember = (key, value) => {
    try {
      localStorage.setItem(key, value);
    } catch {
      // Storage may be closed to us; the choice then lasts for this page only.
    }
  };
  const recall = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };

  const showTheme = (theme) => {
    if (theme === "automatic") delete root.dataset.theme;
    else root.dataset.theme = theme;
    for (const name of document.querySelectorAll("[data-theme-name]")) name.textContent = theme;
  };
  const currentTheme = () => root.dataset.theme || "automatic";
  const nextTheme = () => themes[(themes.indexOf(currentTheme()) + 1) % themes.length];

  const stored = recall("theme");
  showTheme(themes.includes(stored) ? stored : "automatic");

  const copy = async (button) => {
    const field = document.getElementById(button.dataset.copy);
    // A second press must not take the answer to the first for the label.
    const label = (button.dataset.label ??= button.textContent);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Selected: copy it with the keyboard";
    }
    setTimeout(() => {
      button.textContent = label;
    }, 2000);
  };

  // A single-key shortcut has to be one that people can turn off (WCAG 2.1.4).
  const shortcutIsOn = () => recall("shortcut") !== "off";
  const showShortcut = () => {
    root.classList.toggle("no-shortcut", !shortcutIsOn());
    for (const button of document.querySelectorAll("[data-shortcut-toggle]")) {
      button.textContent = shortcutIsOn() ? "Turn off the “/” shortcut" : "Turn on the “/” shortcut";
    }
  };

  const actions = {
    "[data-theme-toggle]": () => {
      const theme = nextTheme();
      remember("theme", theme);
      showTheme(theme);
    },
    "[data-shortcut-toggle]": () => {
      remember("shortcut", shortcutIsOn() ? "off" : "on");
      showShortcut();
    },
    "[data-copy]": copy,
    "[data-print]": () => window.print(),
  };

  document.addEventListener("click", (event) => {
    for (const [selector, act] of Object.entries(actions)) {
      const control = event.target.closest(selector);
      if (control) act(control);
    }
  });

  const isTyping = (element) => element.closest("input, textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!shortcutIsOn() || isTyping(event.target)) return;
    event.preventDefault();
    document.getElementById("site-search")?.focus();
  });

  document.addEventListener("DOMContentLoaded", () => {
    showTheme(currentTheme());
    showShortcut();
  });
})();
