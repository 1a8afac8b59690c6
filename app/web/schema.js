// How schemas of the document are shown: members with their types, links to what they refer to.
import { make } from "./dom.js";

/** Text with `code` in backquotes, as nodes. */
export function prose(text) {
    return text.split("`").map((part, i) => (i % 2 ? make("code", { text: part }) : part));
}

export const nameOfReference = (reference) => reference.split("/").pop();
const link = (name) => make("a", { href: `#schema-${name}`, text: name });

/** What a schema is, in a word or as a link. */
export function kindOf(schema) {
    if (schema.$ref) return link(nameOfReference(schema.$ref));
    if (schema.type === "array") return make("span", {}, "list of ", kindOf(schema.items ?? {}));
    if (schema.const !== undefined) return make("code", { text: JSON.stringify(schema.const) });
    if (schema.anyOf) return make("span", {}, ...schema.anyOf.flatMap((each, i) => (i ? [" or ", kindOf(each)] : [kindOf(each)])));
    const words = [[schema.type ?? "any JSON value"].flat().join(" or "), schema.format, schema.contentEncoding].filter(Boolean);
    return make("span", { text: words.join(", ") });
}

/** One line of a list of members or parameters. */
export function member(name, schema, { note, meaning, isRequired }) {
    const line = make("div", {}, make("span", { class: "member-name", text: name }),
        make("span", { class: "member-kind" }, kindOf(schema)),
        note && make("span", { class: "member-kind", text: note }),
        isRequired && make("span", { class: "member-kind needed", text: "required" }));
    return make("li", {}, line, meaning && make("p", {}, ...prose(meaning)));
}

/** The members of an object's schema, or its values when it is an enumeration. */
export function schemaBody(schema) {
    if (schema.enum) {
        return make("ul", { class: "chips" }, ...schema.enum.map((value) => make("li", {}, make("code", { text: value }))));
    }
    const needed = new Set(schema.required ?? []);
    const members = Object.entries(schema.properties ?? {}).map(([name, each]) =>
        member(name, each, { meaning: each.description, isRequired: needed.has(name) }));
    return members.length > 0 ? make("ul", { class: "members" }, ...members) : undefined;
}
