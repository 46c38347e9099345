// usage: looking.mjs URL LOGIN CASE_ID NAME [SCREENSHOT_DIR]
// The password comes on standard input. Opens the case, prints "ready", and
// waits until the page says by itself that NAME is looking at it too.
import { readPassword, shot, signIn, withBrowser } from "./desk.mjs";

const [url, login, id, name, shots] = process.argv.slice(2);
if (!name) {
	console.error("usage: looking.mjs URL LOGIN CASE_ID NAME [SCREENSHOT_DIR]");
	process.exit(64);
}
const password = await readPassword();

await withBrowser({ shape: "wide" }, async (page) => {
	const streamed = page.waitForResponse((answer) =>
		new URL(answer.url()).pathname === "/events" && answer.status() === 200);
	await signIn(page, url, login, password, `/cases/${id}`);
	await streamed;
	if (await page.locator("#looking").count() > 0)
		throw new Error("somebody else is there already");
	await page.evaluate(() => { globalThis.sameDocument = true; });
	console.log("ready");
	await page.waitForSelector(`#looking:has-text("${name}")`, { timeout: 20000 });
	await shot(page, shots, "looking");
	if (!await page.evaluate(() => globalThis.sameDocument))
		throw new Error("the page was loaded again");
});
