// The console page: signing in and out, and the two parts of the desk.
import * as api from "./api.js";
import { $, showProblem } from "./dom.js";
import * as flow from "./flow.js";
import * as keys from "./keys.js";
import * as session from "./session.js";

let providers = [];
let isDevelopment = true;

/** What this server offers, from its own description. */
async function learn() {
    try {
        const document = await api.description();
        providers = document.components?.schemas?.Provider?.["x-byot-providers"] ?? [];
        isDevelopment = Boolean(document.paths?.["/dev/token"]);
    } catch {
        // The page works without it: sign-in finds out what there is.
    }
}

function showSignIn() {
    $("sign-in-development").hidden = !isDevelopment;
    $("sign-in-token").hidden = isDevelopment;
    $("welcome").hidden = false;
    $("desk").hidden = true;
    $("who").hidden = true;
}

async function showDesk(who) {
    $("welcome").hidden = true;
    $("desk").hidden = false;
    $("who").hidden = false;
    $("who-name").textContent = who.uid;
    $("who-name").title = `Signed in until ${new Date(who.expiresAt).toLocaleTimeString()}`;
    await keys.refresh();
}

/** A token, from the development issuer or as pasted. */
async function obtainToken() {
    if (!isDevelopment) return $("token").value.trim();
    try {
        return (await api.developmentToken($("uid").value.trim())).idToken;
    } catch (error) {
        if (error.code !== 404) throw error;
        isDevelopment = false;
        showSignIn();
        $("token").focus();
        return undefined;
    }
}

async function signIn(event) {
    event.preventDefault();
    showProblem($("sign-in-problem"));
    try {
        const token = await obtainToken();
        if (token === undefined) return;
        const who = session.begin(token, { isDevelopment });
        if (!who) throw new api.Problem({ message: "This is not an ID token." });
        $("token").value = "";
        await showDesk(who);
        $("main").focus();
    } catch (error) {
        showProblem($("sign-in-problem"), error);
    }
}

function signOut() {
    flow.stop();
    session.end();
    $("providers").replaceChildren();
    $("answer").hidden = true;
    showSignIn();
}

$("sign-in").addEventListener("submit", signIn);
$("sign-out").addEventListener("click", signOut);
$("refresh").addEventListener("click", () => keys.refresh("Up to date."));
await learn();
keys.begin(providers, (list) => flow.offer(providers.map((each) => each.name), list));
flow.begin(() => keys.refresh());
const before = session.resume();
if (before) showDesk(before);
else showSignIn();
