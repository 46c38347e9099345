// usage: reveal.mjs URL LOGIN CASE_ID [phone|wide] [SCREENSHOT_DIR]
// Two lines on standard input: the password, and a number that the mail
// holds. Exit status 0 when a handler sees it only after a reason was given,
// once, and neither on the case's page nor after loading again. Screenshots
// are made of masked pages only.
import { overflow, readPassword, shot, signIn, withBrowser } from "./desk.mjs";

const [url, login, id, shape = "wide", shots] = process.argv.slice(2);
if (!id) {
	console.error("usage: reveal.mjs URL LOGIN CASE_ID [phone|wide] [SCREENSHOT_DIR]");
	process.exit(64);
}
const [password, number] = (await readPassword()).split("\n");
const shows = async (page) => (await page.content()).includes(number);

await withBrowser({ shape }, async (page) => {
	await signIn(page, url, login, password, `/cases/${id}`);
	// The masked preview comes by itself.
	await page.waitForSelector("#preview .text", { timeout: 30000 });
	await page.click("#open-reveal");
	await shot(page, shots, `before-reveal-${shape}`);
	if (await shows(page))
		throw new Error("the number stands on the case's page");
	// Without a reason the browser does not even send the form.
	await page.click("#reveal");
	if (await page.$("#revealed"))
		throw new Error("revealed without a reason");
	await page.fill("#reveal-reason", "本人からの照会");
	const [answer] = await Promise.all([page.waitForNavigation(), page.click("#reveal")]);
	if (answer.headers()["cache-control"] !== "no-store")
		throw new Error("the page may be stored");
	if (!answer.headers().refresh?.startsWith("60;"))
		throw new Error("the page does not leave by itself");
	await page.waitForSelector("#secret");
	if (!await shows(page))
		throw new Error("the number is not shown");
	if (await overflow(page) > 0)
		throw new Error("the page is too wide");
	await page.reload();
	await page.waitForSelector("#case");
	if (await shows(page))
		throw new Error("the number is still there");
});
