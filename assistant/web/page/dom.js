// Elements from values. Text goes in as text nodes alone, so nothing that is shown can be markup.

const SVG = "http://www.w3.org/2000/svg";

function build(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name, value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(2).filter((child) => child !== null && child !== undefined));
  return node;
}

/** Return an element. A function among the attributes listens to the event of its name. */
export function el(name, attributes = {}, ...children) {
  return build(document.createElement(name), attributes, children);
}

/** Return an element of a drawing. */
export function svg(name, attributes = {}, ...children) {
  return build(document.createElementNS(SVG, name), attributes, children);
}

/** Return the page's element of an id. */
export function byId(id) {
  return document.getElementById(id);
}

/** Return text that only a screen reader gets. */
export function unseen(text) {
  return el("span", { class: "sr" }, text);
}

/** Return a reply as paragraphs and lists; `**words**` are strong, and all else is plain text. */
export function prose(text) {
  const blocks = [];
  let lines = [];
  let items = [];
  const endLines = () => {
    if (lines.length) {
      blocks.push(el("p", {}, ...lines.flatMap((line, i) => (i ? [el("br"), ...strong(line)] : strong(line)))));
    }
    lines = [];
  };
  const endItems = () => {
    if (items.length) blocks.push(el("ul", {}, ...items.map((item) => el("li", {}, ...strong(item)))));
    items = [];
  };
  for (const line of text.split("\n")) {
    const item = /^\s*[-*•] (.*)$/.exec(line);
    if (item) {
      endLines();
      items.push(item[1]);
      continue;
    }
    endItems();
    if (line.trim()) lines.push(line);
    else endLines();
  }
  endLines();
  endItems();
  return blocks;
}

function strong(line) {
  return line.split(/\*\*([^*]+)\*\*/).map((piece, i) => (i % 2 ? el("strong", {}, piece) : piece));
}
