// Genkit's event stream: `data: {"message"|"result"|"error":…}` and `error: …`, a blank line after each.
import { Problem } from "./api.js";

/** Cuts a stream of text into events, whatever pieces it comes in. */
export class EventCutter {
    #rest = "";

    /** The events that are whole now. */
    take(text) {
        this.#rest += text;
        const events = this.#rest.split(/\r?\n\r?\n/);
        this.#rest = events.pop();
        return events.map(readEvent).filter((event) => event);
    }

    /** What was left when the stream ended. */
    finish() {
        const last = readEvent(this.#rest);
        this.#rest = "";
        return last ? [last] : [];
    }
}

/** One event: {message}, {result}, {error: Problem}; nothing for an empty one. */
function readEvent(text) {
    const colon = text.indexOf(":");
    const field = text.slice(0, colon);
    if (field !== "data" && field !== "error") return undefined;
    const lines = text.split(/\r?\n/).map((line) => line.slice(line.indexOf(":") + 1).trim());
    let value;
    try {
        value = JSON.parse(lines.join("\n"));
    } catch {
        return { error: Problem.from({ message: "The stream has an event that is not JSON." }) };
    }
    if (field === "error" || "error" in value) return { error: Problem.from(value) };
    return value;
}

/** Calls `take(event)` for each event of the response's body, as they come. */
export async function readEvents(response, take) {
    const cutter = new EventCutter();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
        const { done, value } = await reader.read();
        for (const event of done ? cutter.finish() : cutter.take(value)) take(event);
        if (done) return;
    }
}
