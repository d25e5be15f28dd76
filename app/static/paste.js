/* What is pasted into a long answer from a word processor keeps its paragraphs, lists and sub-headings, written as the
   marks app/prose.py shows them by; the rest is left out, and said. */
(function () {
  "use strict";

  const HEADINGS = /^H[1-6]$/;
  const BLOCKS = /^(P|DIV|SECTION|ARTICLE|BLOCKQUOTE|PRE|TABLE|TR|UL|OL|LI|H[1-6])$/;
  const LEFT_OUT = { IMG: "picture", TABLE: "table", A: "link", B: "style", STRONG: "style", I: "style", EM: "style", U: "style" };

  /* Word writes its lists as paragraphs; the mark stands in a span of its own. */
  function wordItem(element) {
    if (!/mso-list:(?!\s*none)/i.test(element.getAttribute("style") || "")) { return null; }
    const span = Array.from(element.querySelectorAll("span")).find((one) => /mso-list:\s*ignore/i.test(one.getAttribute("style") || ""));
    const number = span ? /\d+/.exec(span.textContent) : null;
    if (span) { span.remove(); }
    return number ? number[0] + ". " : "- ";
  }

  const inline = (text) => text.replace(/[\s\u00a0]+/g, " ");

  function reader() {
    const lines = [];
    const left = new Set();
    let open = "";
    const close = () => {
      const text = open.replace(/ *\n */g, "\n").trim();
      if (text) { lines.push(text); }
      open = "";
    };
    function list(element, depth) {
      close();
      const numbered = element.tagName === "OL";
      let at = Number(element.getAttribute("start")) || 1;
      const items = [];
      Array.from(element.children).forEach((child) => {
        if (child.tagName === "UL" || child.tagName === "OL") { items.push(list(child, depth + 1)); return; }
        const within = reader();
        within.walk(child, depth + 1);
        const read = within.end();
        read.left.forEach((what) => left.add(what));
        const mark = numbered ? at + ". " : "- ";
        const [first, ...rest] = read.lines.join("\n").split("\n");
        items.push(mark + (first || ""), ...rest.map((line) => " ".repeat(mark.length) + line));
        at += 1;
      });
      return items.join("\n");
    }
    function walk(node, depth) {
      node.childNodes.forEach((child) => {
        if (child.nodeType === Node.TEXT_NODE) { open += inline(child.textContent); return; }
        if (child.nodeType !== Node.ELEMENT_NODE || /^(STYLE|SCRIPT|META|LINK|TITLE|HEAD)$/.test(child.tagName)) { return; }
        if (LEFT_OUT[child.tagName]) { left.add(LEFT_OUT[child.tagName]); }
        if (child.tagName === "BR") { open += "\n"; return; }
        if (child.tagName === "UL" || child.tagName === "OL") { lines.push(list(child, depth)); return; }
        if (child.tagName === "TD" || child.tagName === "TH") { walk(child, depth); open += "\t"; return; }
        if (!BLOCKS.test(child.tagName)) { walk(child, depth); return; }
        close();
        const mark = HEADINGS.test(child.tagName) ? "## " : wordItem(child) || "";
        const before = lines.length;
        walk(child, depth);
        close();
        if (mark && lines.length > before) { lines[before] = mark + lines[before].replace(/\n/g, " "); }
      });
    }
    return { walk: walk, end: () => { close(); return { lines: lines, left: left }; } };
  }

  const isItem = (line) => /^(- |\d+\. )/.test(line);

  function marked(html) {
    const within = reader();
    within.walk(new DOMParser().parseFromString(html, "text/html").body, 0);
    const read = within.end();
    const text = read.lines.reduce((all, line, at) => {
      if (!at) { return line; }
      return all + (isItem(line) && isItem(read.lines[at - 1]) && !line.includes("\n") ? "\n" : "\n\n") + line;
    }, "");
    return { text: text, left: read.left };
  }

  document.addEventListener("paste", (event) => {
    const area = event.target;
    if (!(area instanceof HTMLTextAreaElement) || !area.dataset.escpProse) { return; }
    const html = event.clipboardData.getData("text/html");
    if (!html) { return; }
    const found = marked(html);
    if (!found.text) { return; }
    event.preventDefault();
    area.setRangeText(found.text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    const names = JSON.parse(area.dataset.escpProse);
    let line = document.getElementById(area.id + "-pasted");
    if (!line) {
      line = document.createElement("p");
      line.id = area.id + "-pasted";
      line.className = "escp-soft";
      line.setAttribute("role", "status");
      area.after(line);
    }
    line.textContent = found.left.size ? names.some.replace("{what}", Array.from(found.left, (one) => names[one]).join(", ")) : names.all;
  });
}());
