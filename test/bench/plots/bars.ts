/** One bar. Its text is what a reader reads; its length only shows what the number is beside the others. */
export interface Bar {
  readonly label: string;
  readonly value: number;
  readonly text: string;
}

/** Bars of the same measure, which share a scale. */
export interface Panel {
  readonly title: string;
  readonly bars: readonly Bar[];
}

export interface Plot {
  readonly title: string;
  readonly subtitle: string;
  readonly panels: readonly Panel[];
  /** The label whose bars stand out. */
  readonly highlight: string;
}

const WIDTH = 840;
const MARGIN = 24;
const GAP = 28;
const HEAD = 76;
const PANEL_HEAD = 26;
const ROW = 44;
const BAR = 14;
/** Room beside the longest bar for its number. */
const NUMBER = 64;
/** So that a bar of 0 is seen to be there. */
const LEAST = 2;

/** Its own background, so that it can be read on any page; dark where the reader's system is. */
const STYLE = `
  .ground { fill: #ffffff; stroke: #d0d7de; }
  text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328; }
  .title { font-size: 16px; font-weight: 600; }
  .panel { font-weight: 600; }
  .quiet { fill: #59636e; }
  .bar { fill: #8c959f; }
  .ours { fill: #b45309; }
  .axis { stroke: #d0d7de; }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #0d1117; stroke: #3d444d; }
    text { fill: #f0f6fc; }
    .quiet { fill: #9198a1; }
    .bar { fill: #656c76; }
    .ours { fill: #f59e0b; }
    .axis { stroke: #3d444d; }
  }`;

/** Panels side by side, each with horizontal bars from zero on a scale of its own, as an SVG document. */
export function barsSvg({ title, subtitle, panels, highlight }: Plot): string {
  const width = (WIDTH - 2 * MARGIN - GAP * (panels.length - 1)) / panels.length;
  const rows = Math.max(...panels.map(({ bars }) => bars.length));
  const height = HEAD + PANEL_HEAD + rows * ROW + MARGIN;
  const drawn = panels.map((panel, index) => panelSvg(panel, MARGIN + index * (width + GAP), width, highlight));
  const told = panels.map(
    (panel) => `${panel.title}: ${panel.bars.map(({ label, text }) => `${label} ${text}`).join(", ")}`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="desc">${escaped(told.join(". "))}</desc>`,
    `<style>${STYLE}\n</style>`,
    `<rect class="ground" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="8"/>`,
    `<text class="title" x="${MARGIN}" y="34">${escaped(title)}</text>`,
    `<text class="quiet" x="${MARGIN}" y="56">${escaped(subtitle)}</text>`,
    ...drawn,
    "</svg>",
    "",
  ].join("\n");
}

function panelSvg({ title, bars }: Panel, x: number, width: number, highlight: string): string {
  const most = Math.max(...bars.map(({ value }) => value), 0);
  const top = HEAD + PANEL_HEAD;
  const rows = bars.map(({ label, value, text }, index) => {
    const y = top + index * ROW;
    const length = Math.max(LEAST, most === 0 ? 0 : ((width - NUMBER) * value) / most);
    const kind = label === highlight ? "ours" : "bar";
    return [
      `<text class="quiet" x="${rounded(x + 6)}" y="${y + 14}">${escaped(label)}</text>`,
      `<rect class="${kind}" x="${rounded(x)}" y="${y + 20}" width="${rounded(length)}" height="${BAR}" rx="2"/>`,
      `<text x="${rounded(x + length + 6)}" y="${y + 32}">${escaped(text)}</text>`,
    ].join("\n");
  });
  return [
    `<text class="panel" x="${rounded(x)}" y="${HEAD + 12}">${escaped(title)}</text>`,
    ...rows,
    `<line class="axis" x1="${rounded(x)}" y1="${top + 4}" x2="${rounded(x)}" y2="${top + bars.length * ROW - 4}"/>`,
  ].join("\n");
}

const rounded = (value: number): string => String(Number(value.toFixed(1)));

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
