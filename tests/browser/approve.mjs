// usage: approve.mjs URL LOGIN CASE_ID [phone|wide] [SCREENSHOT_DIR]
// The password comes on standard input. Signs in, opens the case, approves
// it; exit status 0 when the page then says so.
import { caseState, overflow, readPassword, shot, signIn, withBrowser } from "./desk.mjs";

const [url, login, id, shape = "wide", shots] = process.argv.slice(2);
if (!id) {
	console.error("usage: approve.mjs URL LOGIN CASE_ID [phone|wide] [SCREENSHOT_DIR]");
	process.exit(64);
}
const password = await readPassword();

await withBrowser({ shape, script: false }, async (page) => {
	await signIn(page, url, login, password, `/cases/${id}`);
	await shot(page, shots, `case-${shape}`);
	if (await overflow(page) > 0)
		throw new Error(`the page is ${await overflow(page)} px wider than the screen`);
	// By keyboard, and without script.
	await page.press("#open-approve", "Enter");
	await page.check('#to-approve input[name="purpose"] >> nth=0');
	await page.fill("#purpose", "資格取得届");
	await shot(page, shots, `approve-${shape}`);
	await Promise.all([
		page.waitForURL(/done=approve/),
		page.press("#approve", "Enter"),
	]);
	await shot(page, shots, `approved-${shape}`);
	await page.goto(new URL(`/cases/${id}`, url).href);
	const state = await caseState(page);
	if (!["releasing", "released"].includes(state))
		throw new Error(`the case is ${state}`);
	await page.goto(new URL("/?filter=all", url).href);
	await shot(page, shots, `inbox-${shape}`);
});
