// usage: touch.mjs URL LOGIN CASE_ID [SCREENSHOT_DIR]
// The password comes on standard input. On a phone, with scripts: goes to the
// case by keys, opens the decision, and approves by touch. Exit status 0 when
// tapping twice on one place approves nothing, the second step lies elsewhere
// and is covered by nothing, and an impatient double tap on it sends once.
import { caseState, readPassword, shot, signIn, withBrowser } from "./desk.mjs";

const [url, login, id, shots] = process.argv.slice(2);
if (!id) {
	console.error("usage: touch.mjs URL LOGIN CASE_ID [SCREENSHOT_DIR]");
	process.exit(64);
}
const password = await readPassword();

function must(truth, what) {
	if (!truth)
		throw new Error(what);
}

const middle = ({ x, y, width, height }) => [x + width / 2, y + height / 2];
const apart = (a, b) => a.y + a.height <= b.y || b.y + b.height <= a.y ||
	a.x + a.width <= b.x || b.x + b.width <= a.x;

await withBrowser({ shape: "phone" }, async (page) => {
	await signIn(page, url, login, password, "/?filter=todo&sort=newest");
	// Keys: to the first case; into one, and back.
	await page.keyboard.press("j");
	must(await page.evaluate(() => document.activeElement === document.querySelector(".cases .subject")),
		"j does not go to the first case");
	await page.focus(`#a-${id}`);
	await Promise.all([page.waitForURL(`**/cases/${id}`), page.keyboard.press("Enter")]);
	await Promise.all([page.waitForURL((there) => there.pathname === "/"), page.keyboard.press("u")]);
	await page.goto(new URL(`/cases/${id}`, url).href);

	const opener = await page.locator("#open-approve").boundingBox();
	await page.touchscreen.tap(...middle(opener));
	await page.touchscreen.tap(...middle(opener));
	await page.waitForTimeout(300);
	must(await caseState(page) === "held", "tapping twice has decided");
	const second = await page.locator("#approve").boundingBox();
	must(apart(opener, second), "both steps lie on one place");
	must(await page.evaluate(([x, y]) => document.elementFromPoint(x, y).id, middle(second)) === "approve",
		"the second step is covered");
	await page.keyboard.press("Escape");
	must(!await page.isVisible("#approve"), "Escape does not close");
	must(await page.evaluate(() => document.activeElement.id) === "open-approve",
		"the focus does not come back");

	await page.tap("#open-approve");
	await page.tap("#to-approve .choices label >> nth=1");
	await shot(page, shots, "touch-approve", false);
	await page.evaluate(() => {
		const button = document.getElementById("approve");

		button.click();
		button.click();
	});
	await page.waitForSelector('#done[data-done="approve"]');
	await shot(page, shots, "touch-done", false);
	await page.goto(new URL(`/cases/${id}`, url).href);
	must(["releasing", "released"].includes(await caseState(page)), "it is not approved");
});
