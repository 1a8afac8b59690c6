// The reader: fetches /openapi.json and lays it out.
import { description } from "./api.js";
import { $, make, showProblem } from "./dom.js";
import { operationCard } from "./operation.js";
import { prose, schemaBody } from "./schema.js";

/** Every operation of the document: {path, method, operation}. */
function operationsOf(document) {
    return Object.entries(document.paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, operation]) => ({ path, method, operation })));
}

function introduction({ info }) {
    const paragraphs = info.description.split("\n\n").map((text) => make("p", {}, ...prose(text)));
    return make("section", { class: "intro", id: "introduction" },
        make("h1", {}, "byot API", make("span", { class: "badge", text: `version ${info.version}` })), ...paragraphs);
}

function errorTable(document) {
    const head = ["Reason", "HTTP", "Status", "What it says", "Retry after"];
    const rows = (document["x-byot-reasons"] ?? []).map((row) => make("tr", { id: `reason-${row.reason}` },
        make("td", {}, make("code", { text: row.reason })), make("td", { class: "number", text: String(row.code) }),
        make("td", { class: "muted", text: row.status }), make("td", { text: row.message }),
        make("td", { class: "number", text: row.retryAfter ? `${row.retryAfter} s` : "" })));
    return make("section", { id: "errors" }, make("h2", { class: "section-title", text: "Errors" }),
        make("p", { class: "section-note", text: "Every error is the same object; look at its reason, show its message." }),
        make("div", { class: "card table-frame", tabindex: "0", role: "region", "aria-label": "Error table" },
            make("table", { class: "errors" },
                make("thead", {}, make("tr", {}, ...head.map((text) => make("th", { scope: "col", text })))),
                make("tbody", {}, ...rows))));
}

function schemas(document) {
    const cards = Object.entries(document.components.schemas).map(([name, schema]) =>
        make("article", { class: "card operation", id: `schema-${name}` },
            make("header", {}, make("h3", { text: name }), make("p", { class: "muted" }, ...prose(schema.description ?? ""))),
            schemaBody(schema)));
    return make("section", { id: "schemas" }, make("h2", { class: "section-title", text: "Schemas" }), ...cards);
}

function section(document, tag, operations) {
    return make("section", { "aria-label": tag.name }, make("h2", { class: "section-title", text: tag.name }),
        make("p", { class: "section-note", text: tag.description }),
        ...operations.map((each) => operationCard(document, each)));
}

function contents(groups) {
    const lines = groups.flatMap(({ tag, operations }) => [make("h2", { text: tag.name }),
        make("ul", {}, ...operations.map(({ method, operation }) => make("li", {}, make("a", { href: `#${operation.operationId}` },
            make("span", { class: `verb ${method}`, text: method.toUpperCase() }), operation.summary))))]);
    const more = [["introduction", "Introduction"], ["errors", "Errors"], ["schemas", "Schemas"]];
    return [...lines, make("h2", { text: "Reference" }),
        make("ul", {}, ...more.map(([id, text]) => make("li", {}, make("a", { href: `#${id}`, text }))))];
}

/** Marks in the contents what is being read. */
function followReading() {
    const links = new Map([...document.querySelectorAll(".contents a")].map((link) => [link.hash.slice(1), link]));
    const observer = new IntersectionObserver((entries) => {
        const seen = entries.find((entry) => entry.isIntersecting && links.has(entry.target.id));
        if (!seen) return;
        for (const link of links.values()) link.removeAttribute("aria-current");
        links.get(seen.target.id).setAttribute("aria-current", "true");
    }, { rootMargin: "-15% 0px -75% 0px" });
    for (const id of links.keys()) observer.observe($(id));
}

async function show() {
    const api = await description();
    const operations = operationsOf(api);
    const groups = api.tags.map((tag) => ({ tag, operations: operations.filter((each) => each.operation.tags.includes(tag.name)) }));
    $("contents").replaceChildren(...contents(groups));
    $("pages").replaceChildren(introduction(api), ...groups.map(({ tag, operations: own }) => section(api, tag, own)),
        errorTable(api), schemas(api));
    $("pages").setAttribute("aria-busy", "false");
    followReading();
    document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
}

const isNarrow = matchMedia("(max-width: 59.99rem)");
const fold = () => ($("contents-fold").open = !isNarrow.matches);
isNarrow.addEventListener("change", fold);
fold();
$("contents").addEventListener("click", (event) => event.target.closest("a") && fold());
show().catch((error) => showProblem($("docs-problem"), error));
