// Appended to a report.html: uses the page as a reader would and leaves what it found as the page's title.
"use strict";
const found = [];
const check = (what, holds) => holds || found.push(what);

const numbers = (table, column) => [...table.tBodies[0].rows].filter(row => !row.classList.contains("group"))
	.map(row => row.cells[column].dataset.value).filter(value => value !== undefined).map(Number);

check("errors: " + errors.join("; "), errors.length === 0);
check("wider than the window: " + document.documentElement.scrollWidth,
	document.documentElement.scrollWidth <= innerWidth);
check("no sections", document.querySelectorAll("section").length > 2);
for (const link of document.querySelectorAll("nav a"))
	check("dead link " + link.href, document.querySelector(link.getAttribute("href")));
for (const figure of document.querySelectorAll("figure"))
	check("empty figure " + figure.id, figure.querySelectorAll("svg text").length > 2 || figure.querySelector("img"));
for (const element of document.querySelectorAll("[src], link, iframe, object, form"))
	check("something from outside: " + element.outerHTML.slice(0, 80),
		element.matches("figure > img") && element.src.startsWith("data:image/svg+xml;base64,"));
for (const link of document.querySelectorAll("a"))
	check("link to " + link.getAttribute("href"), /^(#[a-z]+|logs\/[^:]*)$/.test(link.getAttribute("href")));
check("script of a stranger", document.querySelectorAll("script").length === 3 && !window.stranger);

const table = document.querySelector(".cells table");
if (table?.tBodies[0]?.rows.length > 2) {
	const heading = [...table.tHead.rows[0].cells].find(cell => cell.dataset.key === "estimate");
	heading.click();
	const up = numbers(table, heading.cellIndex);
	check("not sorted", up.length > 1 && up.every((value, i) => i === 0 || up[i - 1] <= value));
	heading.click();
	check("not sorted downwards", numbers(table, heading.cellIndex).join() === up.reverse().join());
	heading.click();
}
const select = document.querySelector(".cells select");
if (select) {
	const delta = [...table.tHead.rows[0].cells].find(cell => cell.dataset.key === "delta").cellIndex;
	const texts = () => [...table.rows].map(row => row.cells[delta]?.textContent).join("|");
	const before = texts();
	select.value = select.options[2].value;
	select.dispatchEvent(new Event("change"));
	check("another reference changes nothing", texts() !== before &&
		texts().includes("vs " + select.value) && texts().includes("|reference"));
	select.value = "";
	select.dispatchEvent(new Event("change"));
	check("the run's own reference does not come back", texts() === before);
}
document.title = `probe ${select ? "chose" : "did not choose"}: ${found.length ? found.join(" / ") : "ok"}`;
