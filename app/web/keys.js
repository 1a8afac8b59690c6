// The list of providers: what is stored for each, storing and removing.
import { checkKey, listKeys, removeKey, saveKey } from "./api.js";
import { $, make, moment, showProblem } from "./dom.js";

let words = new Map();
export const nameOf = (provider) => words.get(provider)?.title ?? provider;

const states = {
    unverified: ["", "Not checked", "The provider was not asked about it, or could not be asked."],
    verified: ["good", "Verified", "The provider takes it."],
    rejected: ["bad", "Rejected", "The provider refuses it, or it is no possible key. Replace it with one that works."],
    exhausted: ["warn", "Exhausted", "The provider says that its quota or credit is used up."],
    expired: ["warn", "Expired", "Its date has passed, so it is not used any more. Store a new one."],
    undecryptable: ["bad", "Unreadable", "It cannot be opened any more. Store it again."],
};
const verdicts = {
    accepted: (name) => `${name} takes this key.`,
    refused: (name) => `${name} refuses this key.`,
    exhausted: (name) => `${name} says that this key's quota or credit is used up.`,
    unreachable: (name) => `${name} could not be reached or asked, so the key was not checked.`,
};
const sentenceOf = (said, provider) => verdicts[said]?.(nameOf(provider)) ?? "";

let providers = [];
let onChange = () => {};

/** Starts with these providers ({name, title, keyUrl}); `changed(keys)` hears of every list that was read. */
export function begin(list, changed) {
    providers = list.map((each) => each.name);
    words = new Map(list.map((each) => [each.name, each]));
    onChange = changed;
}

/** Reads the keys and shows them; `said` is announced. */
export async function refresh(said = "") {
    showProblem($("keys-problem"));
    try {
        const { keys } = await listKeys();
        const known = new Set([...providers, ...keys.map((key) => key.provider)]);
        $("providers").replaceChildren(...[...known].map((provider) =>
            makeCard(provider, keys.find((key) => key.provider === provider))));
        $("keys-said").textContent = said;
        onChange(keys);
    } catch (error) {
        showProblem($("keys-problem"), error);
    }
}

function makeBadge(key) {
    const [kind, words] = states[key.state] ?? ["", key.state];
    return make("span", { class: `badge ${kind}`, text: words });
}

const makeMeaning = (key) => make("p", { class: "meaning", text: states[key.state]?.[2] ?? "" });

function makeFacts(key) {
    const fact = (name, value, kind) => value && make("div", { class: kind }, make("dt", { text: name }), make("dd", {}, value));
    return make("dl", { class: "facts" },
        fact("Credential", make("code", { text: key.credentialId }), "full"),
        fact("Created", moment(key.createdAt)),
        fact("Last used", key.lastUsedAt ? moment(key.lastUsedAt) : "never"),
        key.lastCheckedAt && fact("Checked", moment(key.lastCheckedAt)),
        fact("Expires", key.expiresAt ? moment(key.expiresAt) : "never"));
}

function makeCard(provider, key) {
    const id = `provider-${provider}`;
    const store = makeStoreForm(provider, Boolean(key));
    const open = make("button", { type: "button", class: key ? "quiet" : "plain", text: key ? "Replace" : "Add key",
        "aria-expanded": "false", "aria-controls": store.id, onclick: () => toggle(open, store) });
    const remove = key && make("button", { type: "button", class: "quiet risky", text: "Remove",
        onclick: () => askToRemove(provider, problem) });
    const check = key && key.state !== "expired" && make("button", { type: "button", class: "quiet", text: "Check now",
        onclick: () => tryStored(provider, check, problem) });
    for (const button of [open, remove, check || undefined]) button?.setAttribute("aria-describedby", id);
    const problem = make("div", { class: "problem", role: "alert", hidden: true });
    const tail = key?.hint ? make("p", {}, make("span", { class: "unseen", text: "ends with " }),
        make("span", { class: "tail", text: `••••${key.hint}` })) : make("p", { text: key ? "stored" : "nothing stored" });
    const head = make("div", { class: "provider-head" },
        make("span", { class: "monogram", "aria-hidden": "true", text: nameOf(provider)[0].toUpperCase() }),
        make("div", { class: "provider-name" }, make("h2", { id, text: nameOf(provider) }), tail), key && makeBadge(key));
    const actions = make("div", { class: "provider-actions" }, check, remove, open);
    if (!key) head.append(actions);
    return make("li", { class: "card provider", "data-provider": provider, "data-state": key?.state ?? "none" }, head,
        key && makeMeaning(key), key && makeFacts(key), key && actions, problem, store);
}

function toggle(button, form) {
    form.hidden = !form.hidden;
    button.setAttribute("aria-expanded", String(!form.hidden));
    if (!form.hidden) form.elements.key.focus();
}

function makeStoreForm(provider, replaces) {
    const field = (name, label, input, hint) => make("div", { class: "field" },
        make("label", { for: `${name}-${provider}`, text: label }), input, hint && make("p", { class: "hint", text: hint }));
    const key = make("input", { id: `key-${provider}`, name: "key", type: "password", autocomplete: "off", required: true,
        autocapitalize: "none", spellcheck: "false", maxlength: "4096", "data-1p-ignore": true, "data-lpignore": "true" });
    const expiry = make("input", { id: `expiry-${provider}`, name: "expiry", type: "date",
        min: new Date(Date.now() + 86400000).toISOString().slice(0, 10) });
    const page = words.get(provider)?.keyUrl;
    const source = page && make("a", { href: page, target: "_blank", rel: "noreferrer", text: `Get a key from ${nameOf(provider)}` });
    const problem = make("div", { class: "problem", role: "alert", hidden: true });
    const form = make("form", { class: "store", id: `store-${provider}`, hidden: true, novalidate: true, autocomplete: "off",
        onsubmit: (event) => { event.preventDefault(); store(provider, form, problem); } },
        field("key", `${nameOf(provider)} API key`, key,
            replaces ? "Takes the place of the stored one." : "You will see only its last four characters again."),
        source && make("p", { class: "hint" }, source),
        field("expiry", "Use until (optional)", expiry), problem,
        make("button", { type: "submit", class: "primary", text: "Save key" }));
    return form;
}

async function store(provider, form, problem) {
    const { key, expiry } = form.elements;
    showProblem(problem, key.value ? undefined : { message: "Paste the key first." });
    if (!key.value) return key.focus();
    const wanted = { provider, apiKey: key.value.trim() };
    if (expiry.value) wanted.expiresAt = new Date(`${expiry.value}T23:59:59`).toISOString();
    key.value = "";
    const button = form.querySelector("button");
    button.disabled = true;
    try {
        const { key: saved, said } = await saveKey(wanted);
        await refresh(`${nameOf(provider)} key saved${saved.hint ? `, ending with ${saved.hint}` : ""}. `
            + sentenceOf(said, provider));
        focusCard(provider);
    } catch (error) {
        showProblem(problem, error);
        key.focus();
    } finally {
        button.disabled = false;
    }
}

async function tryStored(provider, button, problem) {
    showProblem(problem);
    button.disabled = true;
    $("keys-said").textContent = `Asking ${nameOf(provider)}…`;
    try {
        const { said } = await checkKey(provider);
        await refresh(sentenceOf(said, provider) || "Another key was stored meanwhile.");
        buttonOf(provider, "Check now")?.focus();
    } catch (error) {
        $("keys-said").textContent = "";
        showProblem(problem, error);
        button.disabled = false;
        button.focus();
    }
}

function askToRemove(provider, problem) {
    const dialog = $("confirm");
    $("confirm-text").textContent =
        `Your ${nameOf(provider)} key will be forgotten. Requests that need it fail until you store another one.`;
    dialog.returnValue = "keep";
    dialog.addEventListener("close", () => dialog.returnValue === "remove" && forget(provider, problem), { once: true });
    dialog.showModal();
}

async function forget(provider, problem) {
    try {
        const { removed } = await removeKey(provider);
        await refresh(removed ? `${nameOf(provider)} key removed.` : `There was no ${nameOf(provider)} key any more.`);
        focusCard(provider);
    } catch (error) {
        showProblem(problem, error);
    }
}

// The list was built anew: keyboard focus goes back to where it was.
const buttonsOf = (provider) =>
    [...document.querySelectorAll(`[data-provider="${CSS.escape(provider)}"] .provider-actions button`)];
const buttonOf = (provider, text) => buttonsOf(provider).find((button) => button.textContent === text);
const focusCard = (provider) => buttonsOf(provider).at(-1)?.focus();
