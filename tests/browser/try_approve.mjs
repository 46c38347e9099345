// usage: try_approve.mjs URL LOGIN CASE_ID [phone|wide] [SCREENSHOT_DIR]
// The password comes on standard input. Exit status 0 only when this person
// is refused: the page offers no approval, and a form sent all the same, with
// the right tokens, is answered 403 and changes nothing.
import { caseState, readPassword, shot, signIn, withBrowser } from "./desk.mjs";

const [url, login, id, shape = "wide", shots] = process.argv.slice(2);
if (!id) {
	console.error("usage: try_approve.mjs URL LOGIN CASE_ID [phone|wide] [SCREENSHOT_DIR]");
	process.exit(64);
}
const password = await readPassword();

await withBrowser({ shape }, async (page) => {
	await signIn(page, url, login, password, `/cases/${id}`);
	await shot(page, shots, `refused-${shape}`);
	// A case that this person may not even see is refused as well.
	const shown = await page.$("#case");
	const before = shown ? await caseState(page) : null;
	if (await page.$("#approve"))
		throw new Error("the page offers to approve");
	const token = await page.getAttribute('input[name="token"]', "value");
	const version = shown && await page.$('input[name="version"]')
		? await page.getAttribute('input[name="version"]', "value")
		: "0".repeat(64);
	// The form as a page of ours would send it; only the button is missing.
	const form = `<form id="forged" method="post" action="/cases/${id}/approve">` +
		`<input name="token" value="${token}"><input name="version" value="${version}">` +
		`<button>go</button></form>`;
	await page.evaluate((html) => document.body.insertAdjacentHTML("beforeend", html), form);
	const [answer] = await Promise.all([
		page.waitForNavigation(),
		page.evaluate(() => document.getElementById("forged").submit()),
	]);
	await shot(page, shots, `refused-post-${shape}`);
	if (![403, 404].includes(answer.status()))
		throw new Error(`approving was answered ${answer.status()}`);
	if (shown) {
		await page.goto(new URL(`/cases/${id}`, url).href);
		if (await caseState(page) !== before)
			throw new Error("the case has changed");
	}
});
