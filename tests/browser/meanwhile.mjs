// usage: meanwhile.mjs URL LOGIN CASE_ID [phone|wide] [SCREENSHOT_DIR]
// The password comes on standard input. Opens the case, prints "ready", and
// waits until the page says that somebody has decided meanwhile. Exit status
// 0 when it does, and what was typed is still there.
import { readPassword, shot, signIn, withBrowser } from "./desk.mjs";

const [url, login, id, shape = "wide", shots] = process.argv.slice(2);
if (!id) {
	console.error("usage: meanwhile.mjs URL LOGIN CASE_ID [phone|wide] [SCREENSHOT_DIR]");
	process.exit(64);
}
const password = await readPassword();

await withBrowser({ shape }, async (page) => {
	const streamed = page.waitForResponse((answer) =>
		new URL(answer.url()).pathname === "/events" && answer.status() === 200);

	await signIn(page, url, login, password, `/cases/${id}`);
	await streamed;
	await page.click("#open-return");
	await page.fill("#return-comment", "宛先が違うようです。");
	console.log("ready");
	await page.waitForSelector("#changed:not([hidden])", { timeout: 30000 });
	await shot(page, shots, `meanwhile-${shape}`);
	if (await page.inputValue("#return-comment") !== "宛先が違うようです。")
		throw new Error("what was typed is gone");
	await page.click("#changed a");
	await page.waitForSelector('#case[data-may-decide="no"]');
});
