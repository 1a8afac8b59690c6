// Asks flows and prints what readers of event streams make of the answers: for each question an array of
// [event, data, id]. Takes a JSON array of {reader, url, fields, input} on the command line. The readers are libraries
// that pages use.
import { fetchEventSource } from "@microsoft/fetch-event-source";
import { EventSourceParserStream } from "eventsource-parser/stream";

// fetch-event-source is made for pages, and stops listening to the page's visibility at its end.
Object.assign(globalThis, { window: globalThis, document: { hidden: false, removeEventListener() {} } });

const readers = {
    async "eventsource-parser"(url, request, keep) {
        const answer = await fetch(url, request);
        const events = answer.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
        for await (const event of events) keep(event);
    },
    async "fetch-event-source"(url, request, keep) {
        await fetchEventSource(url, {
            ...request,
            openWhenHidden: true,
            onopen: async () => {}, // Express labels its streams text/plain
            onmessage: keep,
            onerror: (error) => { throw error; },
        });
    },
};

async function read({ reader, url, fields, input }) {
    const request = {
        method: "POST",
        // In small letters: fetch-event-source would add its own `accept` to another spelling, and Genkit in JavaScript
        // and Go streams for exactly this value alone.
        headers: { ...fields, "content-type": "application/json", accept: "text/event-stream" },
        body: JSON.stringify({ data: input }),
    };
    const seen = [];
    await readers[reader](url, request, ({ event, data, id }) => seen.push([event || "message", data, id || ""]));
    return seen;
}

const seen = [];
for (const question of JSON.parse(process.argv[2])) seen.push(await read(question));
process.stdout.write(`${JSON.stringify(seen)}\n`, () => process.exit(0)); // kept connections would hold it
