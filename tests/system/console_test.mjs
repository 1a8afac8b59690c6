// The console and the docs reader in a real browser, against a running `byot dev`.
//   BYOT_URL            where it listens, "http://127.0.0.1:8080", with BYOT_KEY_CHECK=on and a provider that refuses
//                       a "refused-key" and changes its mind about a "changing-key" (browser.py has it)
//   BYOT_SCREENSHOTS    directory for screenshots (none are taken without it)
//   BYOT_NODE_MODULES   the node_modules that has playwright-core (default build/browser/node_modules)
//   BYOT_CHROMIUM       the browser (default /usr/bin/chromium)
// Prints `ok NAME` or `not ok NAME: why` for each test; exits 1 when one failed.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import path from "node:path";

const base = process.env.BYOT_URL?.replace(/\/$/, "");
if (!base) throw new Error("BYOT_URL is not set");
const modules = path.resolve(process.env.BYOT_NODE_MODULES ?? "build/browser/node_modules");
const { chromium } = createRequire(`${modules}/`)("playwright-core");

const screens = {
    phone: { viewport: { width: 360, height: 780 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
    desktop: { viewport: { width: 1280, height: 860 }, colorScheme: "light" },
    dark: { viewport: { width: 1280, height: 860 }, colorScheme: "dark" },
};
const keys = { googleai: "test-key-of-google-3f9Q", openai: "test-key-of-openai-Zx41" };
const lastFour = (key) => key.slice(-4);
const patience = 15000;

/** A page of its own that remembers what must not happen. */
async function openPage(browser, screen) {
    const context = await browser.newContext({ ...screens[screen], reducedMotion: "reduce" });
    const page = await context.newPage();
    page.setDefaultTimeout(patience);
    const faults = [];
    page.expected = new Set(); // addresses whose refusal a test is about
    page.on("pageerror", (error) => faults.push(`exception: ${error.message}`));
    page.on("console", (message) => {
        const isExpected = page.expected.has(new URL(message.location().url || base).pathname);
        if (message.type() === "error" && !isExpected) faults.push(`console: ${message.text()}`);
    });
    page.on("request", (request) => {
        if (!request.url().startsWith(`${base}/`)) faults.push(`foreign request: ${request.url()}`);
    });
    await page.exposeFunction("reportViolation", (what) => faults.push(`policy violation: ${what}`));
    await page.addInitScript(() => document.addEventListener("securitypolicyviolation",
        (event) => window.reportViolation(`${event.violatedDirective} ${event.blockedURI}`)));
    return { context, page, faults };
}

async function screenshot(page, name, fullPage = true) {
    const directory = process.env.BYOT_SCREENSHOTS;
    if (directory) await page.screenshot({ path: path.join(directory, `${name}.png`), fullPage });
}

async function signIn(page, uid) {
    await page.goto(`${base}/`);
    await page.getByLabel("User id").fill(uid);
    await page.locator("#sign-in").getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Keys" }).waitFor();
    await page.locator(".provider").first().waitFor();
}

const card = (page, provider) => page.locator(`[data-provider="${provider}"]`);
const stateOf = (page, provider) => card(page, provider).getAttribute("data-state");

async function store(page, provider) {
    await card(page, provider).getByRole("button", { name: "Add key" }).click();
    const input = card(page, provider).getByLabel(/API key/);
    assert.equal(await input.getAttribute("type"), "password");
    assert.equal(await input.getAttribute("autocomplete"), "off");
    await input.fill(keys[provider]);
    await card(page, provider).getByRole("button", { name: "Save key" }).click();
    await card(page, provider).getByText(`••••${lastFour(keys[provider])}`).waitFor();
}

/** Asks, and answers the different texts that were on the page while it went on. */
async function ask(page, { flow, provider, data, kind = "text", stream = true }) {
    await page.getByLabel("Flow", { exact: true }).fill(flow);
    await page.getByLabel("Paid by").selectOption(provider);
    await page.locator(`input[name=kind][value=${kind}]`).check({ force: true });
    await page.getByLabel("Data", { exact: true }).fill(data);
    await page.locator("#stream").setChecked(stream, { force: true });
    await page.evaluate(() => {
        window.partials = new Set();
        const text = document.getElementById("text");
        window.watcher?.disconnect();
        window.watcher = new MutationObserver(() => text.textContent && window.partials.add(text.textContent));
        window.watcher.observe(text, { childList: true, characterData: true, subtree: true });
    });
    await page.getByRole("button", { name: "Ask", exact: true }).click();
}

async function answerState(page, wanted) {
    await page.locator("#answer-state", { hasText: wanted }).waitFor();
    return page.evaluate(() => [...window.partials]);
}

async function hasNoOverflow(page) {
    const [wide, room] = await page.evaluate(() => [document.scrollingElement.scrollWidth, window.innerWidth]);
    assert.ok(wide <= room, `the page is ${wide} wide in a window of ${room}`);
}

/** All that the page holds and keeps, as one text: document, fields, storages, databases, caches, addresses. */
async function everythingOn(page) {
    const held = await page.evaluate(async () => {
        const ended = (request) => new Promise((good, bad) => {
            request.onsuccess = () => good(request.result);
            request.onerror = () => bad(request.error);
        });
        const kept = [];
        for (const { name } of await indexedDB.databases()) {
            const database = await ended(indexedDB.open(name));
            for (const store of database.objectStoreNames) {
                kept.push(name, store, await ended(database.transaction(store).objectStore(store).getAll()));
            }
            database.close();
        }
        for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const request of await cache.keys()) {
                kept.push(request.url, await (await cache.match(request)).text());
            }
        }
        return [document.documentElement.outerHTML, JSON.stringify([{ ...localStorage }, { ...sessionStorage }, kept]),
            document.cookie, window.name, location.href, JSON.stringify(history.state),
            ...performance.getEntries().map((entry) => entry.name),
            ...[...document.querySelectorAll("input, textarea")].map((input) => input.value)].join("\n");
    });
    return held + JSON.stringify(await page.context().cookies());
}

/** Neither the page nor anything that it keeps holds a key. */
async function keyIsNowhere(page) {
    const held = await everythingOn(page);
    for (const key of Object.values(keys)) {
        for (const text of [key, encodeURIComponent(key), btoa(key)]) {
            assert.ok(!held.includes(text), "a key is still in the page or in what it keeps");
        }
    }
}

/** Where a page could keep a key: the search finds it in each. */
const plants = {
    localStorage: (key) => localStorage.setItem("k", key),
    sessionStorage: (key) => sessionStorage.setItem("k", key),
    cookie: (key) => { document.cookie = `k=${encodeURIComponent(key)}`; },
    document: (key) => document.body.append(key),
    address: (key) => history.replaceState(null, "", `#${key}`),
    history: (key) => history.replaceState({ key }, ""),
    database: (key) => new Promise((good) => {
        const opening = indexedDB.open("planted", 1);
        opening.onupgradeneeded = () => opening.result.createObjectStore("store", { autoIncrement: true }).add({ key });
        opening.onsuccess = () => { opening.result.close(); good(); };
    }),
    cache: async (key) => (await caches.open("planted")).put("/planted", new Response(key)),
};

const consoleTests = {
    async "signing in shows every provider without a key"({ page }, { uid, screen }) {
        await page.goto(`${base}/`);
        await screenshot(page, `${screen}-welcome`);
        await signIn(page, uid);
        assert.ok(await page.locator(".provider").count() >= 2);
        assert.equal(await stateOf(page, "googleai"), "none");
        await hasNoOverflow(page);
    },
    async "asking without a key names the reason and the request"({ page }) {
        page.expected.add("/api/ai/interview");
        await ask(page, { flow: "interview", provider: "googleai", data: "Hello" });
        await answerState(page, "Failed");
        const problem = await page.locator("#ask-problem").innerText();
        assert.match(problem, /KEY_REQUIRED/);
        assert.match(problem, /request \S+/);
        page.expected.clear();
    },
    async "a refused key says why and is cleared from its field"({ page }) {
        page.expected.add("/api/key");
        await card(page, "googleai").getByRole("button", { name: "Add key" }).click();
        const input = card(page, "googleai").getByLabel(/API key/);
        await input.fill("no key has spaces or an \u00e9");
        await card(page, "googleai").getByRole("button", { name: "Save key" }).click();
        await card(page, "googleai").getByText("FIELD_INVALID").waitFor();
        assert.equal(await input.inputValue(), "");
        await card(page, "googleai").getByRole("button", { name: "Add key" }).click();
        page.expected.clear();
    },
    async "a key that the provider refuses is not stored, and the form says so"({ page }, { screen }) {
        page.expected.add("/api/key");
        await card(page, "openai").getByRole("button", { name: "Add key" }).click();
        await card(page, "openai").getByLabel(/API key/).fill("a-refused-key-0123456789");
        await card(page, "openai").getByRole("button", { name: "Save key" }).click();
        const problem = card(page, "openai").locator("form .problem");
        await problem.getByText("KEY_REJECTED_BY_PROVIDER").waitFor();
        assert.match(await problem.innerText(), /refused this key, so it was not saved/);
        assert.equal(await stateOf(page, "openai"), "none");
        await screenshot(page, `${screen}-rejected`);
        await card(page, "openai").getByRole("button", { name: "Add key" }).click();
        page.expected.clear();
    },
    async "checking a key says in words what the provider says of it"({ page }, { uid, screen }) {
        await card(page, "openai").getByRole("button", { name: "Add key" }).click();
        await card(page, "openai").getByLabel(/API key/).fill(`the-changing-key-of-${uid}`);
        await card(page, "openai").getByRole("button", { name: "Save key" }).click();
        await page.locator("#keys-said", { hasText: "OpenAI takes this key." }).waitFor();
        const check = card(page, "openai").getByRole("button", { name: "Check now" });
        for (const [state, badge, meaning, said] of [
            ["rejected", "Rejected", /refuses it/, "OpenAI refuses this key."],
            ["exhausted", "Exhausted", /quota or credit is used up/, "quota or credit is used up"],
            ["exhausted", "Exhausted", /quota or credit is used up/, "OpenAI could not be reached"],
            ["verified", "Verified", /takes it/, "OpenAI takes this key."],
        ]) {
            await check.click();
            await page.locator("#keys-said", { hasText: said }).waitFor();
            assert.equal(await stateOf(page, "openai"), state);
            assert.equal(await card(page, "openai").locator(".badge").innerText(), badge);
            assert.match(await card(page, "openai").locator(".meaning").innerText(), meaning);
            assert.ok(await check.evaluate((button) => button === document.activeElement), "the focus was lost");
            if (state === "rejected") await screenshot(page, `${screen}-checked`);
        }
        await card(page, "openai").getByRole("button", { name: "Remove" }).click();
        await page.locator("#confirm").getByRole("button", { name: "Remove" }).click();
        await card(page, "openai").getByText("nothing stored").waitFor();
    },
    async "a stored key is shown by its last four characters only"({ page }, { screen }) {
        await store(page, "googleai");
        await store(page, "openai");
        assert.notEqual(await stateOf(page, "openai"), "none");
        assert.match(await card(page, "openai").locator(".facts").innerText(), /cred_[A-Za-z0-9]{16}/);
        await keyIsNowhere(page);
        await hasNoOverflow(page);
        await screenshot(page, `${screen}-keys`);
    },
    async "a key that a page kept anywhere would be found"({ page }) {
        for (const [place, plant] of Object.entries(plants)) {
            const other = await page.context().browser().newContext();
            const planted = await other.newPage();
            await planted.goto(`${base}/`);
            await planted.evaluate(plant, keys.googleai);
            await assert.rejects(keyIsNowhere(planted), /a key is still/, place);
            await other.close();
        }
    },
    async "a stream is shown piece by piece, with the receipt of the key that paid"({ page }, { screen }) {
        await ask(page, { flow: "interview", provider: "openai", data: "Ask me about coroutines." });
        const partials = await answerState(page, "Complete");
        assert.ok(partials.length >= 3, `only ${partials.length} different texts were shown`);
        const answer = await page.locator("#answer").innerText();
        assert.ok(answer.includes(lastFour(keys.openai)), "the answer does not name the key's last four characters");
        const credential = await card(page, "openai").locator(".facts code").innerText();
        assert.equal(await page.locator("#receipt-value").innerText(), `user/openai/${credential}`);
        for (const id of ["#first-piece", "#total"]) assert.match(await page.locator(id).innerText(), /^[\d.]+ m?s$/);
        await card(page, "openai").getByText("just now").first().waitFor();
        await hasNoOverflow(page);
        await screenshot(page, `${screen}-answer`);
    },
    async "stopping ends a stream where it is"({ page }) {
        await ask(page, { flow: "interview", provider: "googleai", data: "Take your time." });
        await page.waitForFunction(() => document.getElementById("text").textContent !== "");
        await page.getByRole("button", { name: "Stop" }).click();
        await answerState(page, "Stopped");
        assert.ok(await page.getByRole("button", { name: "Ask", exact: true }).isEnabled());
    },
    async "JSON goes and comes whole without streaming"({ page }) {
        await ask(page, { flow: "echo", provider: "googleai", data: `{"topic": ["a", 1]}`, kind: "json", stream: false });
        await answerState(page, "Complete");
        assert.deepEqual(JSON.parse(await page.locator("#result").innerText()), { topic: ["a", 1] });
        assert.match(await page.locator("#receipt-value").innerText(), /^user\/googleai\/cred_/);
    },
    async "data that is no JSON is not sent"({ page }) {
        await ask(page, { flow: "echo", provider: "googleai", data: "{", kind: "json" });
        await page.getByText("This is not JSON").waitFor();
    },
    async "a reload keeps the development session"({ page }, { uid }) {
        await page.reload();
        await card(page, "googleai").getByText(`••••${lastFour(keys.googleai)}`).waitFor();
        assert.equal(await page.locator("#who-name").innerText(), uid);
    },
    async "a key is removed only when that is confirmed"({ page }, { screen }) {
        const remove = () => card(page, "googleai").getByRole("button", { name: "Remove" }).click();
        await remove();
        await screenshot(page, `${screen}-confirm`);
        await page.getByRole("button", { name: "Keep it" }).click();
        assert.notEqual(await stateOf(page, "googleai"), "none");
        await remove();
        await page.locator("#confirm").getByRole("button", { name: "Remove" }).click();
        await card(page, "googleai").getByText("nothing stored").waitFor();
        assert.equal(await stateOf(page, "googleai"), "none");
        assert.notEqual(await stateOf(page, "openai"), "none");
        await page.locator("#keys-said", { hasText: "removed" }).waitFor();
    },
    async "signing out leaves nothing behind"({ page }) {
        await page.getByRole("button", { name: "Sign out" }).click();
        await page.getByLabel("User id").waitFor();
        assert.equal(await page.evaluate(() => sessionStorage.length + localStorage.length), 0);
        assert.equal(await page.locator(".provider").count(), 0);
    },
};

const docsTests = {
    async "the reader shows every operation and every error of the document"({ page }, { screen }) {
        await page.goto(`${base}/docs`);
        await page.locator(".operation").first().waitFor();
        const document = await (await fetch(`${base}/openapi.json`)).json();
        const ids = Object.values(document.paths).flatMap((methods) => Object.values(methods).map((each) => each.operationId));
        for (const id of ids) assert.equal(await page.locator(`#${id} pre`, { hasText: "curl " }).first().isVisible(), true, id);
        assert.equal(await page.locator(".errors tbody tr").count(), document["x-byot-reasons"].length);
        await hasNoOverflow(page);
        await screenshot(page, `${screen}-docs`, false);
    },
};

async function run(name, test, ...given) {
    try {
        await test(...given);
        console.log(`ok ${name}`);
        return 0;
    } catch (error) {
        console.log(`not ok ${name}: ${String(error.message ?? error).replace(/\s+/g, " ").slice(0, 400)}`);
        return 1;
    }
}

async function runScreen(browser, screen) {
    const opened = await openPage(browser, screen);
    const given = { screen, uid: `console-${screen}-${Date.now()}` };
    let failed = 0;
    for (const [name, test] of Object.entries({ ...consoleTests, ...docsTests })) {
        failed += await run(`${screen}: ${name}`, test, opened, given);
    }
    failed += await run(`${screen}: nothing was blocked, thrown or fetched from elsewhere`,
        async () => assert.deepEqual(opened.faults, []));
    await opened.context.close();
    return failed;
}

const browser = await chromium.launch({ executablePath: process.env.BYOT_CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
let failed = 0;
for (const screen of Object.keys(screens)) failed += await runScreen(browser, screen);
await browser.close();
process.exit(failed > 0 ? 1 : 0);
