// The theme, times as how long ago, keys, and what has to survive when a live part is replaced. Pages work without it.
"use strict";

const root = document.documentElement;
const THEMES = ["auto", "light", "dark"];

function stored() {
    try {
        return localStorage.getItem("theme") || "auto";
    } catch (e) {
        return "auto";
    }
}

function applyTheme(theme) {
    if (theme === "auto") {
        root.removeAttribute("data-theme");
    } else {
        root.setAttribute("data-theme", theme);
    }
    const button = document.getElementById("theme");
    if (button) {
        button.hidden = false;
        button.textContent = theme;
        button.setAttribute("aria-label", "Theme: " + theme + ". Switch.");
    }
}

applyTheme(stored()); // Before anything is drawn.

const UNITS = [
    [86400, "d"],
    [3600, "h"],
    [60, "min"],
];

function ago(time) {
    const seconds = (Date.now() - time) / 1000;
    const past = Math.abs(seconds);
    const unit = UNITS.find(([size]) => past >= size);
    const words = unit ? Math.round(past / unit[0]) + " " + unit[1] : past < 10 ? "a moment" : Math.floor(past) + " s";
    return seconds >= 0 ? words + " ago" : "in " + words;
}

function sayTimes() {
    for (const time of document.querySelectorAll("time[datetime]")) {
        const words = ago(Date.parse(time.getAttribute("datetime")));
        if (time.textContent !== words) {
            time.textContent = words;
        }
    }
}

/** By what a folded piece is found again after its surroundings were replaced. */
function place(details) {
    if (details.name) {
        return details.name + "/" + details.querySelector("summary").textContent;
    }
    const home = details.closest("[id]");
    const all = Array.from((home || document).querySelectorAll("details"));
    return (home ? home.id : "") + "/" + all.indexOf(details);
}

function fields(part) {
    return Array.from(part.querySelectorAll("input:not([type=hidden]), textarea, select"));
}

/** By what a field is found again; boxes of one name are told apart by what they stand for. */
function key(field) {
    const form = field.form ? field.form.getAttribute("action") : "";
    return [form, field.name, isBox(field) ? field.value : ""].join(" ");
}

function isBox(field) {
    return field.type === "checkbox" || field.type === "radio";
}

/** By what a thing that has the focus is found again. */
function spot(thing) {
    if (fields(thing.parentElement).includes(thing)) {
        return key(thing);
    }
    return thing.tagName === "SUMMARY" ? place(thing.parentElement) : thing.getAttribute("href") + thing.textContent;
}

function wasChanged(field) {
    if (isBox(field)) {
        return field.checked !== field.defaultChecked;
    }
    return field.tagName === "SELECT"
        ? Array.from(field.options).some((option) => option.selected !== option.defaultSelected)
        : field.value !== field.defaultValue;
}

/** What a person did to parts that are being replaced: nothing of it may be lost. Fields in use come back themselves. */
const touched = new WeakMap();
let lastActions = null;

function remember(part) {
    const focused = document.activeElement;
    touched.set(part, {
        unfolded: new Set(Array.from(part.querySelectorAll("details[open]"), place)),
        scrolled: Array.from(part.querySelectorAll(".scroll"), (box) => box.scrollLeft),
        inUse: new Map(
            fields(part)
                .filter((field) => field === focused || wasChanged(field))
                .map((field) => [key(field), field]),
        ),
        focused: part.contains(focused) ? spot(focused) : null,
    });
}

function restore(part) {
    const before = touched.get(part);
    touched.delete(part);
    for (const details of part.querySelectorAll("details")) {
        if (before.unfolded.has(place(details))) {
            details.open = true;
        }
    }
    part.querySelectorAll(".scroll").forEach((box, i) => (box.scrollLeft = before.scrolled[i] || 0));
    for (const field of fields(part)) {
        const used = before.inUse.get(key(field));
        if (used) {
            field.replaceWith(used);
        }
    }
    if (before.focused !== null && !part.contains(document.activeElement)) {
        const things = Array.from(part.querySelectorAll("a[href], button, summary, input, textarea, select, [tabindex]"));
        things.find((thing) => spot(thing) === before.focused)?.focus({ preventScroll: true });
    }
    sayTimes();
}

/** What an instance's actions depend on. */
function actionsOf(part) {
    const head = part.querySelector("[data-actions]");
    return head ? head.dataset.actions : null;
}

function isTyping(target) {
    return target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null;
}

function step(by) {
    const links = Array.from(document.querySelectorAll("[data-rows] tbody tr, [data-rows] > li"), (row) =>
        row.querySelector("a[href]"),
    ).filter((link) => link);
    if (links.length) {
        const here = links.findIndex((link) => link.closest("tr, li").contains(document.activeElement));
        links[Math.min(links.length - 1, Math.max(0, here < 0 ? (by > 0 ? 0 : links.length - 1) : here + by))].focus();
    }
}

function boxes() {
    return Array.from(document.querySelectorAll("#choose input.choose"));
}

/** Says how many are chosen, where instances can be. */
function sayChosen() {
    const all = boxes();
    const count = all.filter((box) => box.checked).length;
    const every = document.getElementById("choose-all");
    if (every) {
        every.closest("label").hidden = false;
        every.checked = count > 0 && count === all.length;
        every.indeterminate = count > 0 && count < all.length;
        document.getElementById("change-chosen").disabled = count === 0;
        document.getElementById("chosen-count").textContent = count ? count + " chosen" : "";
    }
}

document.addEventListener("change", (event) => {
    if (event.target.id === "choose-all") {
        boxes().forEach((box) => (box.checked = event.target.checked));
    }
    if (event.target.closest("#choose")) {
        sayChosen();
    }
});

window.addEventListener("pageshow", sayChosen); // Whoever comes back finds the boxes as they were.

document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) {
        if (event.key === "Escape" && isTyping(event.target)) {
            event.target.blur();
        }
        return;
    }
    if (event.key === "/") {
        document.getElementById("finder")?.focus();
        event.preventDefault();
    } else if (event.key === "j" || event.key === "k") {
        step(event.key === "j" ? 1 : -1);
        event.preventDefault();
    } else if (event.key === "x") {
        const box = document.activeElement.closest("tr")?.querySelector("input.choose");
        if (box) {
            box.click();
        }
    } else if (event.key === "Escape") {
        document.querySelectorAll("details.action[open]").forEach((action) => (action.open = false));
    }
});

document.addEventListener("DOMContentLoaded", () => {
    applyTheme(stored());
    document.getElementById("theme")?.addEventListener("click", () => {
        const next = THEMES[(THEMES.indexOf(stored()) + 1) % THEMES.length];
        try {
            localStorage.setItem("theme", next);
        } catch (e) {
            // Nothing is kept then.
        }
        applyTheme(next);
    });
    sayTimes();
    setInterval(sayTimes, 10000);

    const live = document.getElementById("live");
    lastActions = live ? actionsOf(live) : null;
    document.body.addEventListener("htmx:beforeSwap", (event) => remember(event.target));
    document.body.addEventListener("htmx:afterSwap", (event) => {
        const part = event.detail.target;
        if (part && touched.has(part)) {
            restore(part);
        }
    });
    document.body.addEventListener("htmx:sseBeforeMessage", (event) => remember(event.target));
    document.body.addEventListener("htmx:sseMessage", (event) => {
        restore(event.target);
        const actions = actionsOf(event.target);
        if (event.target.id === "live" && actions && actions !== lastActions) {
            lastActions = actions;
            document.body.dispatchEvent(new CustomEvent("actions-changed"));
        }
    });
    document.body.addEventListener("htmx:sseOpen", () => root.setAttribute("data-live", "on"));
    document.body.addEventListener("htmx:sseError", () => root.setAttribute("data-live", "off"));
});
