// Genkit's flows behind Express. Says where it listens; the user comes in x-byot-uid, the key in x-byot-api-key.
const { genkit, z } = require("genkit");
const { expressHandler } = require("@genkit-ai/express");
const express = require("express");

const ai = genkit({});
const takes = { inputSchema: z.number(), outputSchema: z.string(), streamSchema: z.string() };

const count = ai.defineFlow({ name: "count", ...takes }, async (until, { sendChunk, context }) => {
    for (let number = 0; number < until; ++number) sendChunk(`chunk ${number} ä€😀`);
    return `${until} chunks for ${context.auth.uid} with ${context.secrets.apiKey.slice(-4)}`;
});

const failing = ai.defineFlow({ name: "failing", ...takes }, async (_, { sendChunk }) => {
    sendChunk("first");
    throw new Error("the flow broke");
});

const contextProvider = ({ headers }) => ({
    auth: { uid: decodeURIComponent(headers["x-byot-uid"]) },
    secrets: { apiKey: headers["x-byot-api-key"] },
});

const app = express();
app.use(express.json());
for (const flow of [count, failing]) app.post(`/${flow.__action.name}`, expressHandler(flow, { contextProvider }));
const server = app.listen(0, "127.0.0.1", () => console.log(`listening on ${server.address().port}`));
