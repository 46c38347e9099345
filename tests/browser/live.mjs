// usage: live.mjs URL LOGIN TOKEN [phone|wide] [SCREENSHOT_DIR]
// The password comes on standard input. Opens the inbox, prints "ready", and
// waits until a case whose subject has TOKEN appears by itself. Exit status 0
// when it does, and the page was not loaded again, the focus stayed where it
// was, and the news was told to screen readers.
import { readPassword, shot, signIn, withBrowser } from "./desk.mjs";

const [url, login, token, shape = "wide", shots] = process.argv.slice(2);
if (!token) {
	console.error("usage: live.mjs URL LOGIN TOKEN [phone|wide] [SCREENSHOT_DIR]");
	process.exit(64);
}
const password = await readPassword();

await withBrowser({ shape }, async (page) => {
	const streamed = page.waitForResponse((answer) =>
		new URL(answer.url()).pathname === "/events" && answer.status() === 200);
	await signIn(page, url, login, password, "/?filter=open");
	await streamed;
	await page.evaluate(() => { globalThis.sameDocument = true; });
	await page.focus("#q");
	console.log("ready");
	await page.waitForSelector(`tr.case:has-text("${token}")`, { timeout: 30000 });
	await shot(page, shots, `live-${shape}`);
	if (!await page.evaluate(() => globalThis.sameDocument))
		throw new Error("the page was loaded again");
	if (await page.evaluate(() => document.activeElement.id) !== "q")
		throw new Error("the focus was lost");
	if (!(await page.textContent("#news")).trim())
		throw new Error("nothing was announced");
});
