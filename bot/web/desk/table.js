// A table that becomes a list of cards on a phone: every cell carries the name of its column.
import { h } from "./dom.js";

export class Table {
  constructor(name, columns) {
    this.columns = columns;
    this.rows = h("tbody");
    this.node = h("div.table", { tabindex: "0", role: "region", "aria-label": name }, h("table", {}, h("thead", {}, h("tr", {}, columns.map((column) => h("th", { scope: "col" }, column)))), this.rows));
  }

  // `cells` in the order of the columns; a cell is [classes, …content].
  row(cells) {
    return h("tr", {}, cells.map(([classes, ...content], n) => h(`td${classes}`, { "data-column": this.columns[n] }, h("div", {}, content))));
  }

  whole(content) { return h("tr.whole", {}, h("td", { colspan: this.columns.length }, content)); }
}
