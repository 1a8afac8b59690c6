// One endpoint of the document as a card.
import { make } from "./dom.js";
import { curl, asText, sample } from "./sample.js";
import { kindOf, member, prose, schemaBody } from "./schema.js";

const part = (title, ...content) => make("div", { class: "part" }, make("h4", { text: title }), ...content);

/** The component that a reference names, or the thing itself. */
function resolve(document, thing) {
    if (!thing?.$ref) return thing;
    return thing.$ref.split("/").slice(1).reduce((from, name) => from[name], document);
}

function parameters(operation) {
    if (!operation.parameters) return undefined;
    const lines = operation.parameters.map((each) => member(each.name, each.schema,
        { note: each.in, meaning: each.description, isRequired: each.required }));
    return part("Parameters", make("ul", { class: "members" }, ...lines));
}

function requestBody(document, operation) {
    const content = operation.requestBody?.content?.["application/json"];
    if (!content) return undefined;
    const title = make("p", { class: "muted" }, kindOf(content.schema), " as application/json");
    const examples = examplesOf(content).map(([name, { value }]) => make("details", {}, make("summary", {}, `Example: ${name}`),
        sample(`request ${name}`, asText(value), "application/json")));
    return part("Request body", title, schemaBody(resolve(document, content.schema)), make("div", { class: "answers" }, ...examples));
}

function examplesOf(content) {
    if (content.example !== undefined) return [["example", { value: content.example }]];
    return Object.entries(content.examples ?? {});
}

function success(status, response) {
    const kind = status.startsWith("2") ? "good" : status === "default" ? "" : "warn";
    const shown = Object.entries(response.content ?? {}).flatMap(([type, content]) => {
        const examples = examplesOf(content).map(([, example]) =>
            sample(`example of ${type}`, asText(example.value), kindOf(content.schema), ` as ${type}`));
        return examples.length > 0 ? examples : [make("p", { class: "muted" }, kindOf(content.schema), ` as ${type}`)];
    });
    const fields = Object.entries(response.headers ?? {}).map(([name, field]) =>
        member(name, field.schema, { note: "header", meaning: field.description }));
    return make("details", { open: status === "200" }, make("summary", {}, make("span", { class: `badge ${kind}`, text: status }),
        make("span", {}, ...prose(response.description ?? ""))), ...shown,
        fields.length > 0 && make("ul", { class: "members" }, ...fields));
}

function answers(operation) {
    const own = Object.entries(operation.responses).filter(([, response]) => !response.$ref);
    own.sort(([a], [b]) => a.localeCompare(b));
    return part("Answers", make("div", { class: "answers" }, ...own.map(([status, response]) => success(status, response))));
}

function errors(operation) {
    const chips = (operation["x-byot-reasons"] ?? []).map((name) =>
        make("li", {}, make("a", { href: `#reason-${name}`, text: name })));
    return part("Errors", make("ul", { class: "chips" }, ...chips));
}

/** The card of an operation: what it takes on the left, how to call it and what comes back on the right. */
export function operationCard(document, { path, method, operation }) {
    const server = document.servers?.[0]?.url ?? "/";
    const base = server === "/" ? location.origin : server;
    const head = make("header", {}, make("h3", { text: operation.summary }), make("div", { class: "address" },
        make("span", { class: `verb ${method}`, text: method.toUpperCase() }), make("span", { class: "path", text: path }),
        make("span", { class: "badge", text: operation.security?.length > 0 ? "bearer token" : "open to all" })));
    const left = make("div", {}, make("div", { class: "prose" }, make("p", {}, ...prose(operation.description))),
        parameters(operation), requestBody(document, operation), errors(operation));
    const right = make("div", {}, sample("curl", curl({ server: base, path, method, operation })), answers(operation));
    return make("article", { class: "card operation", id: operation.operationId }, head, make("div", { class: "halves" }, left, right));
}

