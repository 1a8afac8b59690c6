// The flows of container/compose.yaml. Their model is a function of this file, so that they need no network: with a real
// one, name it in `model` and keep the rest, the user's key goes to it in `config.apiKey`.
const { genkit, z, UserFacingError } = require("genkit");
const { expressHandler } = require("@genkit-ai/express");
const express = require("express");

const ai = genkit({});

const questions = ai.defineModel({ name: "local/questions" }, async ({ messages, config }, sendChunk) => {
    const topic = messages.at(-1).content[0].text;
    const text = `What would you ask somebody about ${topic}? (Paid for with the key that ends in ${config.apiKey.slice(-4)}.)`;
    for (const word of text.split(/(?<= )/)) sendChunk?.({ content: [{ text: word }] });
    return { message: { role: "model", content: [{ text }] }, finishReason: "stop" };
});

const interview = ai.defineFlow({ name: "interview", inputSchema: z.string(), outputSchema: z.string(), streamSchema: z.string() },
    async (topic, { sendChunk, context }) => {
        const { stream, response } = ai.generateStream({ model: questions, prompt: topic, config: { apiKey: context.secrets.apiKey } });
        for await (const chunk of stream) sendChunk(chunk.text);
        return (await response).text;
    });

const echo = ai.defineFlow({ name: "echo", inputSchema: z.any(), outputSchema: z.any() }, async (input) => input);

// What byot vouches for: only byot can reach this server.
const contextProvider = ({ headers }) => {
    if (!headers["x-byot-api-key"]) throw new UserFacingError("FAILED_PRECONDITION", "No key came with this request.");
    return { auth: { uid: decodeURIComponent(headers["x-byot-uid"]) }, secrets: { apiKey: headers["x-byot-api-key"] } };
};

const app = express();
app.use(express.json({ limit: "8mb" }));
app.get("/health", (_, response) => response.json({ status: "ok" }));
for (const flow of [interview, echo]) app.post(`/${flow.__action.name}`, expressHandler(flow, { contextProvider }));
const server = app.listen(process.env.PORT ?? 3400, () => console.log(`listening on ${server.address().port}`));
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => server.close(() => process.exit(0)));
