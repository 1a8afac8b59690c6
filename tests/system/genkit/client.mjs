// Genkit's own client, as a page uses it. Takes one JSON object of {mode, url, token, input} on the command line and
// prints a JSON object a line: {"chunk": …} as each comes, then {"result": …} or {"error": …}.
import { runFlow, streamFlow } from "genkit/beta/client";

const { mode, url, token, input } = JSON.parse(process.argv[2]);
const headers = { Authorization: `Bearer ${token}` };
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

try {
    if (mode === "run") {
        say({ result: await runFlow({ url, input, headers }) });
    } else {
        const { stream, output } = streamFlow({ url, input, headers });
        output.catch(() => {}); // it is awaited below
        for await (const chunk of stream) say({ chunk });
        say({ result: await output });
    }
} catch (error) {
    say({ error: String(error.message ?? error) });
}
