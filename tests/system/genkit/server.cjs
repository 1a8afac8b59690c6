// Genkit flows behind Express, as an application would have them. The user's key comes in a header of its own,
// goes into context.secrets and from there into the flow. CommonJS: under ESM @genkit-ai/express loads a second
// copy of genkit, and every error of a flow becomes a 500.
//   POST /control {"release": N}  lets the flow `gated` send its next N chunks
const { genkit, z, UserFacingError } = require("genkit");
const { expressHandler } = require("@genkit-ai/express");
const express = require("express");

const ai = genkit({});
const waiting = [];
let released = 0;

function gate() {
    if (released > 0) {
        released -= 1;
        return Promise.resolve();
    }
    return new Promise((open) => waiting.push(open));
}

function release(count) {
    for (let i = 0; i < count; ++i) {
        const open = waiting.shift();
        if (open) open();
        else released += 1;
    }
}

const lastFour = (context) => context.secrets.apiKey.slice(-4);

const echo = ai.defineFlow({ name: "echo", inputSchema: z.any(), outputSchema: z.any() },
    async (input, { context }) => ({ input, ...context.auth, keyEndsIn: lastFour(context) }));

const gated = ai.defineFlow({ name: "gated", inputSchema: z.number(), outputSchema: z.string(), streamSchema: z.string() },
    async (count, { sendChunk, context }) => {
        for (let i = 0; i < count; ++i) {
            await gate();
            sendChunk(`chunk ${i} ä€😀`);
        }
        await gate();
        return `${count} chunks with ${lastFour(context)}`;
    });

const refusing = ai.defineFlow({ name: "refusing", inputSchema: z.any() },
    async () => { throw new UserFacingError("INVALID_ARGUMENT", "this flow wants something else"); });

const failing = ai.defineFlow({ name: "failing", inputSchema: z.any(), streamSchema: z.string() },
    async (_, { sendChunk }) => { sendChunk("first"); throw new Error("the flow broke"); });

// What the gateway vouches for. The flow's own port is not public.
const contextProvider = ({ headers }) => {
    if (!headers["x-byot-api-key"]) throw new UserFacingError("FAILED_PRECONDITION", "no key came");
    // The ids are percent-encoded: a field could not hold every character.
    const tenant = headers["x-byot-tenant"];
    const auth = { uid: decodeURIComponent(headers["x-byot-uid"]), ...(tenant && { tenant: decodeURIComponent(tenant) }) };
    return { auth, secrets: { apiKey: headers["x-byot-api-key"] } };
};

const app = express();
app.use(express.json());
app.post("/control", (request, response) => {
    release(request.body.release);
    response.json({ waiting: waiting.length });
});
for (const flow of [echo, gated, refusing, failing]) app.post(`/${flow.__action.name}`, expressHandler(flow, { contextProvider }));
const server = app.listen(0, "127.0.0.1", () => console.log(`listening on ${server.address().port}`));
