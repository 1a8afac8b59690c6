// Asking a flow: sends, shows the pieces as they come, then figures and the receipt.
import { problemOf, send } from "./api.js";
import { $, duration, make, showProblem } from "./dom.js";
import { nameOf } from "./keys.js";
import { readEvents } from "./stream.js";

let running; // the AbortController of the request under way
let onEnd = () => {};

/** `ended()` is called after each request, when a key's state may have changed. */
export function begin(ended) {
    onEnd = ended;
    $("ask").addEventListener("submit", (event) => {
        event.preventDefault();
        if (!running) ask();
    });
    $("stop").addEventListener("click", () => running?.abort());
}

export function stop() {
    running?.abort();
}

/** The providers to choose from; those with a key first. */
export function offer(providers, keys) {
    const select = $("ask-provider");
    const before = select.value;
    const stored = new Set(keys.map((key) => key.provider));
    const all = [...new Set([...providers, ...stored])];
    select.replaceChildren(...all.map((provider) =>
        make("option", { value: provider, text: stored.has(provider) ? nameOf(provider) : `${nameOf(provider)} (no key)` })));
    const first = all.find((provider) => stored.has(provider)) ?? all[0];
    select.value = stored.has(before) ? before : first;
}

/** What the form sends as `data`; nothing (and a hint) when it is no JSON though it should be. */
function readData() {
    const text = $("data").value;
    const problem = $("data-problem");
    problem.hidden = true;
    if ($("ask").elements.kind.value === "text") return { data: text };
    try {
        return { data: JSON.parse(text) };
    } catch (error) {
        problem.textContent = `This is not JSON: ${error.message}`;
        problem.hidden = false;
        $("data").focus();
        return undefined;
    }
}

const asText = (value) => (typeof value === "string" ? value : JSON.stringify(value, null, 2));

/** The answer's part of the page, for one request. */
class AnswerView {
    #started = performance.now();
    #text = "";
    #pieces = 0;

    constructor() {
        $("answer").hidden = false;
        for (const id of ["first-piece", "total", "pieces"]) $(id).textContent = "–";
        for (const id of ["outcome", "receipt"]) $(id).hidden = true;
        $("text").replaceChildren();
        $("text").hidden = false;
        $("text").classList.add("live");
        showProblem($("ask-problem"));
        this.#state("", "Waiting");
    }

    #state(kind, words) {
        $("answer-state").className = `badge ${kind}`;
        $("answer-state").textContent = words;
    }

    receipt(value) {
        $("receipt").hidden = !value;
        $("receipt-value").textContent = value ?? "";
    }

    take(event) {
        if ("error" in event) throw event.error;
        if ("result" in event) this.result(event.result);
        else if ("message" in event) this.#piece(event.message);
    }

    #piece(message) {
        if (this.#pieces++ === 0) this.#first();
        this.#state("", "Streaming");
        const words = asText(message) + (typeof message === "string" ? "" : "\n");
        this.#text += words;
        $("text").append(words);
        $("pieces").textContent = String(this.#pieces);
    }

    #first() {
        $("first-piece").textContent = duration(performance.now() - this.#started);
    }

    /** The result is shown by itself only when the pieces did not say it already. */
    result(value) {
        if (this.#pieces === 0) this.#first();
        const words = asText(value);
        if (words === undefined || words.trim() === this.#text.trim()) return;
        $("result").textContent = words;
        $("outcome").hidden = false;
        $("text").hidden = this.#pieces === 0;
    }

    end(kind, words) {
        $("text").classList.remove("live");
        $("text").hidden = this.#pieces === 0;
        $("total").textContent = duration(performance.now() - this.#started);
        this.#state(kind, words);
    }
}

async function exchange(view, data, signal) {
    const path = $("flow").value.trim().replace(/^\/+/, "").split("/").map(encodeURIComponent).join("/");
    const streams = $("stream").checked;
    const headers = { "Content-Type": "application/json", Accept: streams ? "text/event-stream" : "*/*",
        "x-byot-provider": $("ask-provider").value };
    const response = await send(`/api/ai/${path}`, { method: "POST", headers, body: JSON.stringify(data), signal });
    view.receipt(response.headers.get("x-byot-credential"));
    if (!response.ok) throw await problemOf(response);
    const isStream = /event-stream|text\/plain/.test(response.headers.get("content-type") ?? "");
    if (isStream) await readEvents(response, (event) => view.take(event));
    else view.take(await response.json());
}

async function ask() {
    const data = readData();
    if (!data) return;
    running = new AbortController();
    $("send").disabled = true;
    $("stop").hidden = false;
    const view = new AnswerView();
    try {
        await exchange(view, data, running.signal);
        view.end("good", "Complete");
    } catch (error) {
        const stopped = error.name === "AbortError";
        if (!stopped) showProblem($("ask-problem"), error);
        view.end(stopped ? "warn" : "bad", stopped ? "Stopped" : "Failed");
    }
    running = undefined;
    $("send").disabled = false;
    $("stop").hidden = true;
    onEnd();
}
