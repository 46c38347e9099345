// usage: doc_shots.mjs LANGUAGE DIRECTORY DESK CASE_ID LARGE_CASE_ID LOCKED_CASE_ID LINK
// The pictures of the guides (doc/images) in one language, over the fake vault;
// "make doc-shots" runs it. A picture shows one screen: 1000 px wide, or a phone
// of 360 px.
import { setLanguage, signIn, signOut, withBrowser } from "./desk.mjs";
import { join } from "node:path";

const [language, directory, url, id, large, locked, link] = process.argv.slice(2);
const password = "correct horse battery staple";
const at = (path) => new URL(path, url).href;
const wide = (height) => ({ width: 1000, height });
const phone = (height) => ({ width: 360, height });

async function picture(page, name, size, top = null) {
	await page.setViewportSize(size);
	if (top)
		await page.locator(top).evaluate((element) =>
			window.scrollTo(0, element.getBoundingClientRect().top + window.scrollY - 28));
	// Nothing that blinks or moves.
	await page.evaluate(() => document.activeElement?.blur());
	await page.screenshot({ path: join(directory, `${name}.${language}.png`), animations: "disabled" });
}

async function enter(page, login, path) {
	await signIn(page, url, login, password);
	await setLanguage(page, language);
	await page.goto(at(path));
}

await withBrowser({ shape: "wide", language }, async (page) => {
	await enter(page, "approver1", "/?filter=all");
	await picture(page, "inbox", wide(600));
	await page.goto(at(`/cases/${large}`));
	await picture(page, "case", wide(720));
	await picture(page, "evidence", wide(700), "#h-findings");
	await signOut(page);
	await enter(page, "auditor1", "/report");
	await picture(page, "report", wide(760));
});
await withBrowser({ shape: "phone", language }, async (page) => {
	await enter(page, "approver1", `/cases/${id}`);
	await page.click("#open-approve");
	await picture(page, "approve", phone(740));
	await signOut(page);
	await enter(page, "taro", `/cases/${id}`);
	await picture(page, "sender", phone(740));
	await page.goto(at(`/cases/${locked}`));
	await picture(page, "locked", phone(740), "#locks");
});
await withBrowser({ shape: "wide", language }, async (page) => {
	await enter(page, "taro", `/cases/${id}/links`);
	await picture(page, "links", wide(760));
});
await withBrowser({ shape: "phone", language }, async (page) => {
	await Promise.all([page.waitForURL((there) => there.pathname.endsWith("/files")), page.goto(link)]);
	await picture(page, "recipient", phone(740));
});
