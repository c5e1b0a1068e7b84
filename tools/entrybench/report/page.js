// Tables sort by a click on a heading, each group by itself; a table of cells takes any variant as its reference.
"use strict";
const valueOf = (row, column) => {
	const cell = row.cells[column];
	const text = cell.dataset.value ?? cell.textContent;
	return text === "" || isNaN(text) ? text : Number(text);
};

const compare = (a, b) => {
	if (typeof a === typeof b)
		return typeof a === "number" ? a - b : a.localeCompare(b);
	return typeof a === "number" ? -1 : 1;
};

const sortBy = (table, heading) => {
	const ascending = heading.ariaSort !== "ascending";
	for (const other of heading.parentNode.cells)
		other.ariaSort = "none";
	heading.ariaSort = ascending ? "ascending" : "descending";
	for (const body of table.tBodies) {
		const rows = [...body.rows].filter(row => !row.classList.contains("group"));
		rows.sort((a, b) => (ascending ? 1 : -1) *
			compare(valueOf(a, heading.cellIndex), valueOf(b, heading.cellIndex)));
		body.append(...rows);
	}
};

// A shade within each line, on a logarithmic scale; the lowest tenth, where `floor` is, does not stretch it.
const shade = table => {
	for (const row of table.tBodies[0].rows) {
		const cells = [...row.cells].filter(cell => Number(cell.dataset.value) > 0);
		const logs = cells.map(cell => Math.log(cell.dataset.value));
		const sorted = [...logs].sort((a, b) => a - b);
		const least = sorted[Math.floor(sorted.length / 10)], span = sorted.at(-1) - least;
		cells.forEach((cell, i) => {
			const part = span > 0 ? Math.max(0, (logs[i] - least) / span) : 0;
			cell.style.background = `hsl(var(--heat) / ${(0.75 * part).toFixed(2)})`;
		});
	}
};

const columnOf = (table, key) =>
	[...table.tHead.rows[0].cells].findIndex(heading => heading.dataset.key === key);

// Differences to another reference are of the estimates alone: what only the run computes goes.
const compareWith = (table, variant) => {
	const [label, estimate, delta] = ["label", "estimate", "delta"].map(key => columnOf(table, key));
	const computed = ["delta_interval", "p_value"].map(key => columnOf(table, key)).filter(i => i >= 0);
	for (const body of table.tBodies) {
		const rows = [...body.rows].filter(row => !row.classList.contains("group"));
		const chosen = rows.find(row => row.cells[label].textContent === variant);
		const base = chosen ? Number(chosen.cells[estimate].dataset.value) : NaN;
		for (const row of rows)
			for (const column of [delta, ...computed]) {
				const cell = row.cells[column];
				cell.dataset.own ??= cell.textContent;
				cell.textContent = variant === "" ? cell.dataset.own : "";
			}
		for (const row of variant === "" ? [] : rows) {
			const more = Number(row.cells[estimate].dataset.value) - base;
			const sign = more > 0 ? "+" : "";
			if (row === chosen)
				row.cells[delta].textContent = "reference";
			else if (isFinite(more))
				row.cells[delta].textContent = `${sign}${+more.toFixed(1)}` +
					(base ? ` (${sign}${(100 * more / base).toFixed(1)} %)` : "");
		}
	}
	const own = table.tHead.rows[0].cells[delta].dataset;
	own.title ??= table.tHead.rows[0].cells[delta].textContent;
	table.tHead.rows[0].cells[delta].textContent = variant === "" ? own.title : `vs ${variant}`;
};

for (const table of document.querySelectorAll("table")) {
	for (const heading of table.tHead?.rows[0].cells ?? []) {
		heading.ariaSort = "none";
		heading.tabIndex = 0;
		heading.onclick = () => sortBy(table, heading);
		heading.onkeydown = event => event.key === "Enter" && sortBy(table, heading);
	}
	if (table.closest(".heat"))
		shade(table);
}

for (const section of document.querySelectorAll(".cells")) {
	const table = section.querySelector("table");
	if (!table)
		continue;
	const label = columnOf(table, "label");
	const rows = [...table.tBodies].flatMap(body => [...body.rows]);
	const names = new Set(rows.filter(row => !row.classList.contains("group"))
		.map(row => row.cells[label].textContent));
	if (columnOf(table, "delta") < 0 || names.size < 2)
		continue;
	const select = document.createElement("select"), caption = document.createElement("label");
	select.append(new Option("as in the run", ""), ...[...names].map(name => new Option(name, name)));
	select.onchange = () => compareWith(table, select.value);
	caption.className = "screen";
	caption.append("compare with ", select);
	section.prepend(caption);
}
for (const link of document.querySelectorAll("nav a"))
	link.onclick = () => {
		const details = document.querySelector(link.getAttribute("href"))?.querySelector("details");
		if (details)
			details.open = true;
	};
