// Who is signed in. A development token survives a reload of the tab; a pasted one is only in memory.
import { setBearer } from "./api.js";

const slot = "byot-development-token";

/** What a token says of its user: {uid, expiresAt}; nothing when it is none. */
function readToken(token) {
    try {
        const part = token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
        const bytes = Uint8Array.from(atob(part), (c) => c.charCodeAt(0));
        const claims = JSON.parse(new TextDecoder().decode(bytes));
        return { uid: String(claims.user_id ?? claims.sub), expiresAt: claims.exp * 1000 };
    } catch {
        return undefined;
    }
}

/** Takes the token as the session's; answers whose it is, or nothing when it is no token. */
export function begin(token, { isDevelopment }) {
    const who = readToken(token);
    if (!who) return undefined;
    setBearer(token);
    if (isDevelopment) sessionStorage.setItem(slot, token);
    return who;
}

/** The session of before a reload, if it is still good. */
export function resume() {
    const token = sessionStorage.getItem(slot);
    if (!token) return undefined;
    const who = readToken(token);
    if (who && who.expiresAt > Date.now()) return begin(token, { isDevelopment: true });
    sessionStorage.removeItem(slot);
    return undefined;
}

export function end() {
    setBearer("");
    sessionStorage.removeItem(slot);
}
