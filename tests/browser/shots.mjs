// usage: shots.mjs URL CASE_ID SCREENSHOT_DIR - every page of the desk in
// both widths, languages and colour schemes, against the fake vault.
import { overflow, shot, signIn, signOut, withBrowser } from "./desk.mjs";

const [url, id, shots] = process.argv.slice(2);
const password = "correct horse battery staple";
let wide = 0;

async function look(page, path, name) {
	await page.goto(new URL(path, url).href);
	await shot(page, shots, name);
	if (await overflow(page) > 0) {
		console.error(`${name}: ${await overflow(page)} px too wide`);
		wide++;
	}
}

for (const [shape, dark, language] of [["wide", false, "ja"], ["phone", false, "ja"],
	["wide", true, "en"], ["phone", true, "en"]]) {
	const name = `${shape}-${dark ? "dark" : "light"}-${language}`;
	await withBrowser({ shape, dark, language }, async (page) => {
		await look(page, "/sign-in", `sign-in-${name}`);
		await signIn(page, url, "approver1", password);
		if (language === "en") {
			await page.click('button[value="en"]');
			await page.waitForLoadState();
		}
		await look(page, "/?filter=all", `inbox-${name}`);
		await look(page, `/cases/${id}`, `case-${name}`);
		await look(page, "/password", `password-${name}`);
		await look(page, "/nothing", `error-${name}`);
		await signOut(page);
		await signIn(page, url, "auditor1", password);
		await page.goto(new URL("/audit", url).href);
		await page.click("#verify");
		await shot(page, shots, `audit-${name}`);
	});
}
process.exit(wide ? 1 : 0);
