// usage: notices.mjs DIR [SCREENSHOT_DIR] - every notice that "sekimori notice
// preview --all DIR" wrote, as mail programs of both widths and colour schemes
// show it: nothing too wide, nothing fetched, readable by everybody.
import { readdir } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { complaints, overflow, shot, withBrowser } from "./desk.mjs";

const [dir, shots] = process.argv.slice(2);
const files = (await readdir(dir)).filter((name) => name.endsWith(".html")).sort();
let faults = files.length ? 0 : 1;

function fault(name, words) {
	console.log(`FAIL: ${name}: ${words}`);
	faults++;
}

for (const [shape, dark] of [["wide", false], ["phone", false], ["wide", true], ["phone", true]]) {
	await withBrowser({ shape, dark }, async (page, context) => {
		if (shape === "wide")
			await page.setViewportSize({ width: 800, height: 900 });
		let name = "";
		context.on("request", (request) => {
			if (!request.url().startsWith("file:"))
				fault(name, `asks for ${request.url()}`);
		});
		for (const file of files) {
			name = `${file.slice(0, -5)}-${shape}-${dark ? "dark" : "light"}`;
			await page.goto(pathToFileURL(resolve(dir, file)).href);
			await shot(page, shots, name);
			if (await overflow(page) > 0)
				fault(name, `${await overflow(page)} px too wide`);
			for (const complaint of await complaints(page)) {
				// Landmarks are for pages; a mail is an article in one.
				if (!/^(region|landmark-one-main):/.test(complaint))
					fault(name, complaint);
			}
			const wanted = /recipient/.test(file) && !file.startsWith("link-recipient") ? 0
				: file.startsWith("linked-sender") ? 2 : 1;
			if (await page.locator("a").count() !== wanted)
				fault(name, `not ${wanted} links`);
		}
	});
}
console.log(`notices: ${files.length} in 4 looks, ${faults} faults`);
process.exit(faults ? 1 : 0);
