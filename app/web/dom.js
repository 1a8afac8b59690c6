// Small tools for building pages without markup in strings.

export const $ = (id) => document.getElementById(id);

/** An element with properties (class, text, on<event>, attributes) and children. */
export function make(tag, properties = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
        if (value === undefined || value === false) continue;
        if (name === "class") element.className = value;
        else if (name === "text") element.textContent = value;
        else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
        else element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.filter((child) => child !== undefined && child !== null && child !== false));
    return element;
}

/** "3 minutes ago" for a time of the API, with the exact one as a tooltip. */
export function moment(text) {
    const when = new Date(text);
    const seconds = (when - Date.now()) / 1000;
    const units = [["day", 86400], ["hour", 3600], ["minute", 60]];
    const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
    const words = unit === "second" ? "just now"
        : new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.round(seconds / size), unit);
    return make("time", { datetime: text, title: when.toLocaleString(), text: words });
}

/** A duration in milliseconds for people. */
export const duration = (ms) => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`);

/** Shows an error in a box, with reason, status and request id where there are any; nothing hides the box. */
export function showProblem(box, error) {
    box.hidden = !error;
    box.replaceChildren();
    if (!error) return;
    box.append(make("strong", { text: error.message }));
    const facts = [["reason", error.reason], ["HTTP", error.code], ["request", error.requestId]];
    const shown = facts.filter(([, value]) => value)
        .map(([name, value]) => make("span", {}, `${name} `, make("code", { text: String(value) })));
    if (shown.length > 0) box.append(make("div", { class: "problem-facts" }, ...shown));
}
