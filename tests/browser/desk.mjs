// The desk in Chromium: what the runners share. Works with the browser that
// the system has; nothing is downloaded.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

export const SHAPES = {
	wide: { width: 1280, height: 900 },
	phone: { width: 360, height: 740 },
};

const FLAGS = [
	"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
	"--no-first-run", "--disable-background-networking",
	"--disable-component-update", "--disable-sync",
];

export async function readPassword() {
	let text = "";
	for await (const chunk of process.stdin)
		text += chunk;
	return text.replace(/\r?\n$/, "");
}

// Run work(page, context) in a fresh browser; settings: shape, dark,
// language, script (false: scripts off).
export async function withBrowser(settings, work) {
	const directory = await mkdtemp(join(tmpdir(), "desk-browser-"));
	const context = await chromium.launchPersistentContext(directory, {
		executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
		args: FLAGS,
		headless: true,
		ignoreHTTPSErrors: true, // the demo signs its certificate itself
		viewport: SHAPES[settings.shape || "wide"],
		isMobile: settings.shape === "phone",
		hasTouch: settings.shape === "phone",
		colorScheme: settings.dark ? "dark" : "light",
		locale: settings.language === "en" ? "en-US" : "ja-JP",
		javaScriptEnabled: settings.script !== false,
	});
	try {
		context.setDefaultTimeout(20000);
		return await work(await context.newPage(), context);
	} finally {
		await context.close();
		await rm(directory, { recursive: true, force: true });
	}
}

export async function signIn(page, url, login, password, path = "/") {
	await page.goto(new URL(path, url).href);
	await page.fill("#login", login);
	await page.fill("#password", password);
	await Promise.all([
		page.waitForURL((there) => there.pathname !== "/sign-in"),
		page.click("#sign-in"),
	]);
}

// The language of a person who is signed in: "ja" or "en".
export async function setLanguage(page, language) {
	if (await page.getAttribute("html", "lang") === language)
		return;
	await page.click("#menu");
	await Promise.all([
		page.waitForNavigation(),
		page.click(`button[name="language"][value="${language}"]`),
	]);
}

export async function signOut(page) {
	await page.click("#menu");
	await page.click("#sign-out");
}

// State of the case whose page is open, as the vault names it.
export async function caseState(page) {
	return page.getAttribute("#case", "data-state");
}

export async function shot(page, directory, name, fullPage = true) {
	if (directory)
		await page.screenshot({ path: join(directory, `${name}.png`), fullPage });
}

// No page may be wider than the screen it is shown on.
export async function overflow(page) {
	return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

// What axe-core finds wrong with the page, a line each. It runs outside of
// the page's own rules (CSP), as browser tools do.
let axe = "";
export async function complaints(page) {
	axe ||= await readFile(createRequire(import.meta.url).resolve("axe-core"), "utf8");
	await page.evaluate(axe);
	const { violations } = await page.evaluate(() => globalThis.axe.run(document, {
		runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
	}));
	return violations.flatMap(({ id, nodes }) =>
		nodes.map((node) => `${id}: ${node.target.join(" ")}: ${node.html.slice(0, 160)}`));
}
