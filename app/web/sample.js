// Examples to copy: JSON, streams and calls with curl.
import { make } from "./dom.js";

/** A figure with a text, a caption (nodes) and a button that copies it. */
export function sample(name, text, ...caption) {
    const copy = make("button", { type: "button", class: "quiet", text: "Copy", "aria-label": `Copy ${name}` });
    copy.addEventListener("click", async () => {
        await navigator.clipboard.writeText(text);
        copy.textContent = "Copied";
        setTimeout(() => (copy.textContent = "Copy"), 1500);
    });
    return make("figure", { class: "sample" }, make("figcaption", {}, make("span", {}, ...(caption.length > 0 ? caption : [name])), copy),
        make("pre", { tabindex: "0" }, make("code", { text })));
}

/** An example of the document as text: JSON indented, text as it is. */
export const asText = (value) => (typeof value === "string" ? value : JSON.stringify(value, null, 2));

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** The call of an operation with its first example. */
export function curl({ server, path, method, operation }) {
    const address = server + path.replace(/\{(\w+)\}/g, (_, name) => exampleOf(operation, name));
    const words = [`curl ${method === "get" ? "" : `-X ${method.toUpperCase()} `}${quoted(address)}`];
    if (operation.security?.length > 0) words.push(`-H "Authorization: Bearer $ID_TOKEN"`);
    if (operation.responses["200"]?.content?.["text/event-stream"]) words.push("-N -H 'Accept: text/event-stream'");
    const body = Object.values(operation.requestBody?.content?.["application/json"]?.examples ?? {})[0]?.value;
    if (body) words.push("-H 'Content-Type: application/json'", `-d ${quoted(JSON.stringify(body))}`);
    return words.join(" \\\n  ");
}

function exampleOf(operation, name) {
    const parameter = operation.parameters?.find((each) => each.in === "path" && each.name === name);
    return parameter?.schema?.examples?.[0] ?? `{${name}}`;
}
