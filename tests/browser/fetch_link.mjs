// usage: fetch_link.mjs FILE [wide|phone] [SCREENSHOT_DIR] - a recipient opens
// the link of a mail and saves its first file as FILE. The link comes on the
// first line of standard input; "code" is printed when the page has sent a
// code to the mailbox, which comes on the second line. Exit status 0 when the
// file was saved.
import { createInterface } from "node:readline";
import { shot, withBrowser } from "./desk.mjs";

const [file, shape = "wide", shots] = process.argv.slice(2);
if (!file) {
	console.error("usage: fetch_link.mjs FILE [wide|phone] [SCREENSHOT_DIR]");
	process.exit(64);
}
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const line = async () => (await lines.next()).value;

await withBrowser({ shape }, async (page) => {
	const link = await line();
	await page.goto(link);
	await page.waitForSelector("#send");
	if (page.url().includes("#"))
		throw new Error("the code stays in the address");
	await shot(page, shots, `link-code-${shape}`);
	await Promise.all([page.waitForNavigation(), page.click("#send")]);
	console.log("code");
	await page.fill("#code", await line());
	await Promise.all([
		page.waitForURL((there) => there.pathname.endsWith("/files")),
		page.click("#prove"),
	]);
	await shot(page, shots, `link-files-${shape}`);
	const [saved] = await Promise.all([
		page.waitForEvent("download"), page.click(".take"),
	]);
	await saved.saveAs(file);
});
process.exit(0);
