import type { ComponentChildren } from "preact";

export interface Column<Row> {
  title: string;
  cell: (row: Row) => ComponentChildren;
  /** The value in an exported file. A column without it is not exported. */
  text?: (row: Row) => string;
  numeric?: boolean;
  /** Hidden on a phone. */
  minor?: boolean;
}

/** A table. The first column names the row. */
export function Table<Row>(props: {
  caption: string;
  columns: Column<Row>[];
  rows: Row[];
  keyOf: (row: Row) => string;
  empty: ComponentChildren;
}) {
  const { columns, rows } = props;
  if (rows.length === 0) {
    return <p class="empty">{props.empty}</p>;
  }
  return (
    <div class="scroll">
      <table>
        <caption class="hidden">{props.caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.title} scope="col" class={classes(column)}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={props.keyOf(row)}>
              {columns.map((column, index) =>
                index === 0 ? (
                  <th key={column.title} scope="row" class={classes(column)}>
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.title} class={classes(column)}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function classes<Row>({ numeric, minor }: Column<Row>): string {
  return `${numeric === true ? "numeric" : ""} ${minor === true ? "minor" : ""}`.trim();
}

/** The rows as a CSV file (RFC 4180), with the columns that have a text. */
export function csv<Row>(columns: Column<Row>[], rows: Row[]): string {
  const exported = columns.flatMap(({ title, text }) => (text === undefined ? [] : [{ title, text }]));
  const lines = [
    exported.map(({ title }) => title),
    ...rows.map((row) => exported.map(({ text }) => text(row))),
  ];
  return lines.map((line) => line.map(quote).join(",") + "\r\n").join("");
}

function quote(value: string): string {
  // Spreadsheets would calculate a value that begins with one of these.
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Let the browser save a text as a file. */
export function save(name: string, text: string): void {
  // The mark lets spreadsheets read the file as UTF-8.
  const address = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv;charset=utf-8" }));
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
