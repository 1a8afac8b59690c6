// The service's endpoints, and its errors as one class.

/** What the service (or a flow) answered instead of a success. */
export class Problem extends Error {
    constructor({ message, reason, code, requestId }) {
        super(message);
        Object.assign(this, { reason, code, requestId });
    }

    /** From an error object: of this service ({"error":{…}}) or of a flow ({"status","message"}). */
    static from(body, response) {
        const error = body?.error ?? body ?? {};
        const detail = Array.isArray(error.details) ? error.details.find((each) => each?.reason) : undefined;
        return new Problem({
            message: error.message ?? `The service answered ${response?.status ?? "nothing"}.`,
            reason: detail?.reason ?? error.status,
            code: response && !response.ok ? response.status : error.code,
            requestId: error.requestId ?? response?.headers.get("x-request-id"),
        });
    }
}

/** The token of the one signed in; only `session.js` sets it. */
let bearer = "";
export function setBearer(token) {
    bearer = token;
}

/** fetch with the token; a failure to connect is a Problem too. */
export async function send(path, { headers = {}, ...rest } = {}) {
    const identity = bearer ? { Authorization: `Bearer ${bearer}` } : {};
    try {
        return await fetch(path, { cache: "no-store", ...rest, headers: { ...identity, ...headers } });
    } catch (error) {
        if (error.name === "AbortError") throw error;
        throw new Problem({ message: "The service could not be reached. Is it running?" });
    }
}

/** The Problem in a response that is no success. */
export async function problemOf(response) {
    const text = await response.text();
    try {
        return Problem.from(JSON.parse(text), response);
    } catch {
        return Problem.from({ message: text.slice(0, 300) || undefined }, response);
    }
}

async function ask(path, method, body) {
    const headers = body ? { "Content-Type": "application/json" } : {};
    const response = await send(path, { method, headers, body: body && JSON.stringify(body) });
    if (!response.ok) throw await problemOf(response);
    return response;
}

const call = async (path, method, body) => (await ask(path, method, body)).json();

/** A key object, and what its provider said of it just now: nothing when it was not asked. */
async function callAboutKey(path, body) {
    const response = await ask(path, "POST", body);
    return { key: await response.json(), said: response.headers.get("x-byot-key-check") };
}

const at = (provider) => `?provider=${encodeURIComponent(provider)}`;

export const description = () => call("/openapi.json", "GET");
export const developmentToken = (uid) => call("/dev/token", "POST", { uid });
export const listKeys = () => call("/api/key/status", "GET");
export const saveKey = (key) => callAboutKey("/api/key", key);
export const checkKey = (provider) => callAboutKey(`/api/key/check${at(provider)}`);
export const removeKey = (provider) => call(`/api/key${at(provider)}`, "DELETE");
