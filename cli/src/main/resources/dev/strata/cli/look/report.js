'use strict';
/*
 * The page of `strata report`. Text from the image reaches the document as text only, by
 * textContent; the content security policy of the page allows no other script.
 *
 * The data is gzip-compressed JSON (ReportData.java). Its nodes are columns: the layers come first,
 * then one more layer with what only the other image has, then their contents, each node after the
 * one that contains it. `parent` is the distance to that, 0 for layers.
 */
(async () => {
  const LAYER = 0, STORE_PATH = 1, DIRECTORY = 2, FILE = 3, SYMLINK = 4, HARD_LINK = 5, WHITEOUT = 7;
  const KINDS = ['layer', 'store path', 'folder', 'file', 'symbolic link', 'hard link',
      'special file', 'removal'];
  const ADDED = 1, CHANGED = 2, REMOVED = 3, HIDDEN = 4;
  const STATES = ['unchanged', 'added', 'changed', 'removed', 'replaced by an upper layer'];
  const STATE_MARKS = ['', '+ ', '~ ', '- ', '× '];
  const STATE_HUES = [-1, 140, 42, 355, 285];
  const TAR_BLOCK = 512;

  const $ = (id) => document.getElementById(id);

  // ---------------------------------------------------------------- Data

  async function load() {
    const bytes = Uint8Array.from(atob($('data').textContent), (c) => c.charCodeAt(0));
    const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    const data = await new Response(unpacked).json();
    $('data').remove();
    return data;
  }

  const data = await load();
  const nodes = data.nodes;
  const count = nodes.parent.length;
  const layerCount = data.layers.length;
  const removedLayer = layerCount;
  /** The node of the whole image. */
  const root = count;
  const kind = Uint8Array.from(nodes.kind);
  const state = Uint8Array.from(nodes.state);
  const parent = new Int32Array(count + 1);
  /** Bytes in the tar streams of the layers, with all that a node contains. */
  const bytes = new Float64Array(count + 1);
  const files = new Int32Array(count + 1);
  const layerOf = new Int32Array(count + 1);
  /** The store path, or else the top folder, that a node is in. */
  const packageOf = new Int32Array(count + 1);
  /** The nodes in each node, the largest first: those from first[i] up to first[i + 1]. */
  const first = new Int32Array(count + 2);
  const children = new Int32Array(count);

  function index() {
    parent[root] = -1;
    layerOf[root] = packageOf[root] = -1;
    for (let i = 0; i < count; i++) {
      const up = nodes.parent[i] ? i - nodes.parent[i] : root;
      parent[i] = up;
      layerOf[i] = kind[i] === LAYER ? i : layerOf[up];
      packageOf[i] = kind[i] === LAYER ? -1 : packageOf[up] >= 0 ? packageOf[up] : i;
      if (kind[i] !== LAYER) {
        bytes[i] = TAR_BLOCK + Math.ceil(nodes.size[i] / TAR_BLOCK) * TAR_BLOCK;
      }
      files[i] = kind[i] === LAYER || kind[i] === DIRECTORY || kind[i] === STORE_PATH ? 0 : 1;
    }
    for (let i = count - 1; i >= 0; i--) {
      if (i !== removedLayer || kind[i] !== LAYER) {
        bytes[parent[i]] += bytes[i];
        files[parent[i]] += files[i];
      }
      if (i !== removedLayer) first[parent[i] + 1]++;
    }
    for (let i = 0; i <= root; i++) first[i + 1] += first[i];
    const next = first.slice();
    for (let i = 0; i < count; i++) {
      if (i !== removedLayer) children[next[parent[i]]++] = i;
    }
    for (let i = 0; i <= root; i++) {
      if (first[i + 1] - first[i] > 1) {
        children.subarray(first[i], first[i + 1]).sort((a, b) => bytes[b] - bytes[a] || a - b);
      }
    }
  }
  index();

  const inside = (node) => children.subarray(first[node], first[node + 1]);
  const isFolder = (node) => node === root || kind[node] <= DIRECTORY;

  function name(node) {
    if (node === root) return data.name;
    if (kind[node] === LAYER) return node === removedLayer ? 'Removed' : 'Layer ' + node;
    const text = data.texts[nodes.name[node]];
    return kind[node] === STORE_PATH ? shortName(text) : text;
  }

  const shortNames = new Map();
  const infoOfPath = new Map();
  for (const info of data.paths) {
    const path = data.texts[info.path];
    infoOfPath.set(path, info);
    shortNames.set(path, info.version ? info.name + '-' + info.version : info.name);
  }
  const shortName = (path) => shortNames.get(path) ?? path;
  function shortNameParts(path) {
    const info = infoOfPath.get(path);
    return info ? [info.name, info.version] : [path, ''];
  }

  function path(node) {
    let text = '';
    for (let i = node; i !== root && kind[i] !== LAYER; i = parent[i]) {
      const own = data.texts[nodes.name[i]];
      text = (own.startsWith('/') ? own : '/' + own) + text;
    }
    return text || '/';
  }

  const paths = [];
  /** Returns all paths, which the search needs; made at its first use. */
  function allPaths() {
    if (!paths.length) {
      for (let i = 0; i < count; i++) {
        const own = data.texts[nodes.name[i]];
        paths.push(kind[i] === LAYER ? '' : paths[parent[i]] + (own.startsWith('/') ? own : '/' + own));
      }
    }
    return paths;
  }

  /** The store paths of the image; each has a node in every layer that contains a part of it. */
  const storePaths = [];
  const partsOf = new Map();
  for (let i = 0; i < count; i++) {
    if (kind[i] === STORE_PATH && layerOf[i] !== removedLayer) {
      const text = data.texts[nodes.name[i]];
      if (partsOf.has(text)) {
        partsOf.get(text).nodes.push(i);
      } else {
        const row = {path: text, info: infoOfPath.get(text), nodes: [i]};
        partsOf.set(text, row);
        storePaths.push(row);
      }
    }
  }
  for (const row of storePaths) {
    row.bytes = row.nodes.reduce((sum, i) => sum + bytes[i], 0);
    row.files = row.nodes.reduce((sum, i) => sum + files[i], 0);
    row.layers = [...new Set(row.nodes.map((i) => layerOf[i]))];
  }
  for (const row of storePaths) row.lost = row.info.lost ? lostBytes(row.info) : -1;

  function lostBytes(info) {
    return info.lost.reduce((sum, text) => sum + (partsOf.get(data.texts[text])?.bytes ?? 0), 0);
  }

  // ---------------------------------------------------------------- Text

  function size(n) {
    const units = ['B', 'kB', 'MB', 'GB', 'TB'];
    let unit = 0;
    let value = Math.abs(n);
    while (value >= 999.5 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
    return (n < 0 ? '−' : '') + value.toFixed(digits) + ' ' + units[unit];
  }
  const number = (n) => n.toLocaleString('en-US');
  const plural = (n, noun) => number(n) + ' ' + (n === 1 ? noun : noun + 's');
  const percent = (part, whole) => whole ? (100 * part / whole).toFixed(1) + ' %' : '';
  const shortDigest = (digest) => digest.slice(digest.indexOf(':') + 1).slice(0, 12);

  /** Creates an element with attributes, whose keys starting with "on" are listeners. */
  function make(tag, attributes, ...content) {
    const element = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes ?? {})) {
      if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
      else if (value !== undefined && value !== false) element.setAttribute(key, value === true ? '' : value);
    }
    element.append(...content.filter((part) => part !== undefined && part !== ''));
    return element;
  }

  function say(text) {
    $('status').textContent = text;
  }

  // ---------------------------------------------------------------- Colours

  const dark = matchMedia('(prefers-color-scheme: dark)');
  const hue = (i) => (i * 137.508 + 205) % 360;
  const hues = new Map();
  function packageHue(node) {
    const top = packageOf[node];
    if (top < 0) return -1;
    const text = data.texts[nodes.name[top]];
    const key = infoOfPath.get(text)?.name ?? text;
    if (!hues.has(key)) hues.set(key, hue(hues.size));
    return hues.get(key);
  }
  for (const row of storePaths) packageHue(row.nodes[0]);

  /** The nodes with the same content as each node that has such. */
  const repeats = new Map();
  for (const group of data.duplicates) {
    for (const node of group.nodes) repeats.set(node, group.nodes);
  }

  const COLOURS = {
    layer: {label: 'Layer', hue: (node) => layerOf[node] < 0 ? -1 : hue(layerOf[node])},
    package: {label: 'Package', hue: packageHue},
    change: {label: 'Change', hue: (node) => isFolder(node) ? -1 : STATE_HUES[state[node]]},
    repeat: {
      label: 'Repeated content',
      hue: (node) => isFolder(node) ? -1 : state[node] === HIDDEN ? STATE_HUES[HIDDEN] : repeats.has(node) ? 25 : -1,
    },
  };

  function colour(h, depth, group) {
    const grey = h < 0;
    if (grey) h = 215;
    if (dark.matches) {
      return `hsl(${h} ${grey ? 6 : 42}% ${(group ? 20 : 27) + Math.min(depth, 5) * 1.5}%)`;
    }
    return `hsl(${h} ${grey ? 10 : 62}% ${(group ? 77 : 83) + Math.min(depth, 5) * 1.2 + (grey ? 5 : 0)}%)`;
  }

  // ---------------------------------------------------------------- Virtual table

  /**
   * A table of any length, of which only the visible rows are in the document. One row can be
   * reached by Tab; arrow keys, Page Up and Down, Home and End move from there.
   *
   * Columns: label, cell(row) -> text or node, and optionally sort(row), number, wide (hidden on
   * phones), width. The first one is the name of the row, a button that calls open(row).
   */
  class Table {
    constructor(caption, columns, open, options = {}) {
      this.columns = columns;
      this.open = open;
      this.rows = [];
      this.active = 0;
      this.sortColumn = options.sort ?? -1;
      this.descending = true;
      this.hover = options.hover;
      this.body = make('tbody');
      this.heads = columns.map((column, i) => this.head(column, i));
      this.table = make('table', {}, make('caption', {}, caption),
          make('colgroup', {}, ...columns.map((c) => make('col', {class: c.wide ? 'wide' : ''}))),
          make('thead', {}, make('tr', {}, ...this.heads)), this.body);
      columns.forEach((column, i) => {
        if (column.width) this.table.querySelectorAll('col')[i].style.width = column.width;
      });
      this.padding = make('div', {}, this.table);
      this.empty = make('p', {class: 'empty', hidden: true}, options.empty ?? 'Nothing found.');
      this.element = make('div', {class: 'table' + (options.short ? ' short' : '')}, this.padding, this.empty);
      this.element.addEventListener('scroll', () => this.render(), {passive: true});
      this.body.addEventListener('keydown', (event) => this.key(event));
      new ResizeObserver(() => this.render()).observe(this.element);
    }

    head(column, i) {
      const content = column.sort
          ? make('button', {type: 'button', onclick: () => this.sortBy(i)}, column.label)
          : column.label;
      return make('th', {scope: 'col', class: classes(column)}, content);
    }

    sortBy(i) {
      this.descending = this.sortColumn === i ? !this.descending : this.columns[i].number === true;
      this.sortColumn = i;
      this.show(this.rows);
      say('Sorted by ' + this.columns[i].label + (this.descending ? ', descending' : ', ascending'));
    }

    show(rows) {
      const column = this.columns[this.sortColumn];
      if (column) {
        const keys = new Map(rows.map((row) => [row, column.sort(row)]));
        const sign = this.descending ? -1 : 1;
        rows = rows.slice().sort((a, b) => {
          const x = keys.get(a), y = keys.get(b);
          return x < y ? -sign : x > y ? sign : 0;
        });
      }
      this.heads.forEach((head, i) => {
        if (i === this.sortColumn) head.setAttribute('aria-sort', this.descending ? 'descending' : 'ascending');
        else head.removeAttribute('aria-sort');
      });
      this.rows = rows;
      this.active = 0;
      this.element.scrollTop = 0;
      this.table.setAttribute('aria-rowcount', rows.length + 1);
      this.empty.hidden = rows.length > 0;
      this.padding.hidden = rows.length === 0;
      this.shown = '';
      this.render();
    }

    rowHeight() {
      return parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--row'));
    }

    render() {
      const height = this.rowHeight();
      const visible = Math.ceil((this.element.clientHeight || 600) / height) + 1;
      const from = Math.max(0, Math.min(Math.floor(this.element.scrollTop / height) - 4, this.rows.length - visible));
      const to = Math.min(this.rows.length, from + visible + 8);
      const key = from + '-' + to;
      if (this.shown === key) return;
      const focused = this.body.contains(document.activeElement);
      this.shown = key;
      this.padding.style.paddingTop = from * height + 'px';
      this.padding.style.paddingBottom = (this.rows.length - to) * height + 'px';
      this.body.replaceChildren(...Array.from({length: to - from}, (_, i) => this.row(from + i)));
      if (focused) this.buttonOf(this.active)?.focus({preventScroll: true});
    }

    row(i) {
      const row = this.rows[i];
      const cells = this.columns.map((column, c) => {
        if (c > 0) return make('td', {class: classes(column)}, column.cell(row));
        const content = [].concat(column.cell(row));
        const button = make('button', {
          type: 'button',
          tabindex: i === this.active ? 0 : -1,
          onclick: () => {
            this.activate(i);
            this.open(row);
          },
          onfocus: () => this.hover?.(row),
        }, ...content);
        return make('th', {scope: 'row', title: column.title?.(row)}, button, this.share(column, row));
      });
      return make('tr', {
        'aria-rowindex': i + 2,
        onmouseenter: () => this.hover?.(row),
        onmouseleave: () => this.hover?.(-1),
      }, ...cells);
    }

    share(column, row) {
      if (!column.share) return '';
      const bar = make('span', {class: 'share'});
      bar.style.width = Math.max(0, Math.min(1, column.share(row))) * 100 + '%';
      return bar;
    }

    buttonOf(i) {
      return this.body.querySelector(`tr[aria-rowindex="${i + 2}"] th button`);
    }

    activate(i) {
      this.buttonOf(this.active)?.setAttribute('tabindex', -1);
      this.active = i;
      this.buttonOf(i)?.setAttribute('tabindex', 0);
    }

    focus(i = this.active) {
      const height = this.rowHeight();
      const head = 36;
      const top = this.element.scrollTop;
      if (i * height < top) this.element.scrollTop = i * height;
      const bottom = top + this.element.clientHeight - head - height;
      if (i * height > bottom) this.element.scrollTop = i * height - this.element.clientHeight + head + height;
      this.activate(i);
      this.shown = '';
      this.render();
      this.buttonOf(i)?.focus({preventScroll: true});
    }

    key(event) {
      const page = Math.max(1, Math.floor(this.element.clientHeight / this.rowHeight()) - 2);
      const step = {ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity}[event.key];
      if (step === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      this.focus(Math.max(0, Math.min(this.rows.length - 1, this.active + step)));
    }
  }

  function classes(column) {
    return [column.number ? 'num' : '', column.wide ? 'wide' : ''].join(' ').trim() || undefined;
  }

  // ---------------------------------------------------------------- Treemap

  /**
   * A squarified treemap (Bruls, Huizing, van Wijk, 2000) on a canvas. Whatever is too small to be
   * seen is drawn as one cell. The table beside it shows the same for the keyboard.
   */
  class Treemap {
    static SMALLEST = 36;
    static HEADER = 17;

    constructor(open) {
      this.open = open;
      this.node = root;
      this.cells = [];
      this.canvas = make('canvas', {role: 'img'});
      this.mark = make('div', {class: 'mark', hidden: true});
      this.element = make('div', {class: 'canvas'}, this.canvas, this.mark);
      this.canvas.addEventListener('mousemove', (event) => this.move(event));
      this.canvas.addEventListener('mouseleave', () => this.leave());
      this.canvas.addEventListener('click', (event) => this.click(event));
      new ResizeObserver(() => this.draw()).observe(this.element);
    }

    show(node, colourOf) {
      this.node = node;
      this.colourOf = colourOf;
      this.leave();
      this.draw();
    }

    draw() {
      const width = this.element.clientWidth;
      const height = this.element.clientHeight;
      if (!width || !this.colourOf) return;
      const scale = window.devicePixelRatio || 1;
      this.canvas.width = Math.round(width * scale);
      this.canvas.height = Math.round(height * scale);
      this.cells = [];
      this.fill(this.node, 0, 0, width, height, 0);
      const context = this.canvas.getContext('2d');
      context.scale(scale, scale);
      this.paint(context);
      this.canvas.setAttribute('aria-label',
          `Map of ${name(this.node)}: ${size(bytes[this.node])} in ${plural(files[this.node], 'file')}. The table of contents lists the same.`);
    }

    /** Lays out the contents of a node. */
    fill(node, x, y, width, height, depth) {
      const all = inside(node);
      const area = width * height;
      if (!all.length || area <= 0) return;
      const total = all.reduce((sum, i) => sum + bytes[i], 0);
      if (!total) return;
      let shown = all.length;
      while (shown > 1 && bytes[all[shown - 1]] / total * area < Treemap.SMALLEST) shown--;
      const weights = Array.from(all.subarray(0, shown), (i) => bytes[i]);
      let rest = 0;
      for (let i = shown; i < all.length; i++) rest += bytes[all[i]];
      if (rest) weights.push(rest);
      squarify(weights, x, y, width, height, (i, cx, cy, cw, ch) => {
        if (i < shown) this.cell(all[i], cx, cy, cw, ch, depth);
        else this.cells.push({node, x: cx, y: cy, width: cw, height: ch, depth, rest: all.length - shown, bytes: rest});
      });
    }

    /** Adds a node with its contents. Folders with nothing but a folder share a cell with it. */
    cell(top, x, y, width, height, depth) {
      const isGroup = (i) => isFolder(i) && first[i + 1] > first[i];
      const chain = [top];
      let node = top;
      let text = name(top);
      while (isGroup(node) && first[node + 1] - first[node] === 1 && isGroup(children[first[node]])) {
        const above = node;
        node = children[first[node]];
        chain.push(node);
        const own = name(node);
        text += (kind[above] === LAYER ? ': ' : own.startsWith('/') ? '' : '/') + own;
      }
      const group = isGroup(node);
      this.cells.push({node, chain, text, x, y, width, height, depth, group});
      if (!group || width < 8 || height < 8) return;
      const header = width > 44 && height > 40 ? Treemap.HEADER : 1;
      this.fill(node, x + 1, y + header, width - 3, height - header - 2, depth + 1);
    }

    paint(context) {
      const style = getComputedStyle(document.documentElement);
      const text = style.getPropertyValue('--text');
      const surface = style.getPropertyValue('--surface');
      context.textBaseline = 'middle';
      context.fillStyle = surface;
      context.fillRect(0, 0, this.element.clientWidth, this.element.clientHeight);
      for (const cell of this.cells) {
        const h = this.colourOf(cell.node);
        context.fillStyle = colour(h, cell.depth, cell.group || cell.rest > 0);
        context.fillRect(cell.x + 0.5, cell.y + 0.5, cell.width - 1, cell.height - 1);
        if (cell.width > 30 && cell.height > 13) this.label(context, cell, text);
      }
    }

    label(context, cell, text) {
      const header = cell.group;
      if (header && cell.height <= 40 && !(cell.height > 13 && cell.width > 44)) return;
      if (header && (cell.width <= 44 || cell.height <= 40)) return;
      const label = cell.rest ? plural(cell.rest, 'smaller item') : STATE_MARKS[isFolder(cell.node) ? 0 : state[cell.node]] + cell.text;
      context.font = (header ? '600 ' : '') + '11px system-ui, sans-serif';
      context.fillStyle = text;
      const room = cell.width - 8;
      const y = header ? cell.y + 9.5 : cell.height < 34 ? cell.y + cell.height / 2 : cell.y + 11;
      const amount = size(cell.rest ? cell.bytes : bytes[cell.node]);
      if (header) {
        const both = label + '  ' + amount;
        context.fillText(fit(context, context.measureText(both).width <= room ? both : label, room), cell.x + 4, y);
      } else {
        context.fillText(fit(context, label, room), cell.x + 4, y);
        if (cell.height > 40) context.fillText(fit(context, amount, room), cell.x + 4, y + 14);
      }
    }

    at(event) {
      const box = this.canvas.getBoundingClientRect();
      const x = event.clientX - box.left;
      const y = event.clientY - box.top;
      for (let i = this.cells.length - 1; i >= 0; i--) {
        const cell = this.cells[i];
        if (x >= cell.x && x < cell.x + cell.width && y >= cell.y && y < cell.y + cell.height) return cell;
      }
      return undefined;
    }

    outline(cell) {
      this.mark.hidden = !cell;
      if (cell) {
        this.mark.style.left = cell.x + 'px';
        this.mark.style.top = cell.y + 'px';
        this.mark.style.width = cell.width + 'px';
        this.mark.style.height = cell.height + 'px';
      }
    }

    /** Outlines a node that the table points at. */
    highlight(node) {
      this.outline(this.cells.find((cell) => cell.chain?.includes(node)));
    }

    move(event) {
      const cell = this.at(event);
      this.outline(cell);
      const tip = $('tip');
      tip.hidden = !cell;
      if (!cell) return;
      if (cell.rest) {
        tip.replaceChildren(make('b', {}, plural(cell.rest, 'smaller item') + ' in ' + name(cell.node)), size(cell.bytes));
      } else {
        tip.replaceChildren(make('b', {}, cell.text),
            `${size(bytes[cell.node])}, ${percent(bytes[cell.node], bytes[root])} of the image, layer ${layerOf[cell.node]}`,
            make('br'), kind[cell.node] === LAYER ? plural(files[cell.node], 'file') : path(cell.node));
      }
      const left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8);
      const below = event.clientY + 18;
      const top = below + tip.offsetHeight > innerHeight ? event.clientY - tip.offsetHeight - 10 : below;
      tip.style.transform = `translate(${Math.max(8, left)}px, ${top}px)`;
    }

    leave() {
      this.outline(undefined);
      $('tip').hidden = true;
    }

    click(event) {
      const cell = this.at(event);
      if (!cell) return;
      $('tip').hidden = true;
      this.open(cell.node);
    }
  }

  /** Calls place(index, x, y, width, height) for each weight, which are in descending order. */
  function squarify(weights, x, y, width, height, place) {
    let left = weights.reduce((sum, w) => sum + w, 0);
    let start = 0;
    while (start < weights.length && width > 0 && height > 0) {
      const scale = width * height / left;
      const side = Math.min(width, height);
      let end = start;
      let sum = 0;
      let worst = Infinity;
      while (end < weights.length) {
        const next = sum + weights[end];
        const length = next * scale / side;
        const ratio = Math.max(
            weights[start] * scale / (length * length), length * length / (weights[end] * scale));
        if (ratio > worst) break;
        worst = ratio;
        sum = next;
        end++;
      }
      const thickness = end === weights.length ? Math.max(width, height) : sum * scale / side;
      let at = 0;
      for (let i = start; i < end; i++) {
        const length = weights[i] / sum * side;
        if (width >= height) place(i, x, y + at, thickness, length);
        else place(i, x + at, y, length, thickness);
        at += length;
      }
      if (width >= height) {
        x += thickness;
        width -= thickness;
      } else {
        y += thickness;
        height -= thickness;
      }
      left -= sum;
      start = end;
    }
  }

  function fit(context, text, room) {
    if (context.measureText(text).width <= room) return text;
    let low = 0;
    let high = Math.min(text.length, Math.ceil(room / 2));
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (context.measureText(text.slice(0, middle) + '…').width <= room) low = middle;
      else high = middle - 1;
    }
    return low > 1 ? text.slice(0, low) + '…' : '';
  }

  // ---------------------------------------------------------------- Details

  let opener;
  function closeDetails() {
    if ($('details').hidden) return;
    $('details').hidden = true;
    // Some browsers do not focus a button that is clicked.
    if (opener?.isConnected && opener !== document.body) opener.focus();
    else document.querySelector('[role=tabpanel]:not([hidden]) tbody button[tabindex="0"]')?.focus();
  }
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') closeDetails();
  });

  function showDetails(title, where, facts, ...sections) {
    const panel = $('details');
    if (panel.hidden) opener = document.activeElement;
    const heading = make('h2', {id: 'details-title', tabindex: -1}, title);
    panel.replaceChildren(heading,
        make('button', {type: 'button', class: 'close', 'aria-label': 'Close', onclick: closeDetails}, '×'),
        where ? make('p', {class: 'where'}, where) : '',
        make('dl', {}, ...facts.filter(([, value]) => value !== '' && value !== undefined)
            .flatMap(([key, value]) => [make('dt', {}, key), make('dd', {}, value)])),
        ...sections.flat());
    panel.hidden = false;
    panel.scrollTop = 0;
    heading.focus({preventScroll: true});
  }

  function detailsOfNode(node) {
    if (kind[node] === STORE_PATH) {
      const row = partsOf.get(data.texts[nodes.name[node]]);
      if (row) return detailsOfPath(row);
    }
    const top = packageOf[node];
    const owner = data.texts[nodes.owner[node]].split(' ');
    const facts = [
      ['Kind', KINDS[kind[node]]],
      ['Size', isFolder(node) ? size(bytes[node]) : `${size(nodes.size[node])} (${number(nodes.size[node])} bytes)`],
      ['Share of the image', layerOf[node] === removedLayer ? '' : percent(bytes[node], bytes[root])],
      ['Files', isFolder(node) ? number(files[node]) : ''],
      ['Layer', layerOf[node] === removedLayer ? 'only in ' + data.against : layerOf[node]],
      ['Mode', owner[0]],
      ['Owner', owner[1]],
      ['Link to', data.texts[nodes.link[node]]],
      ['State', state[node] === HIDDEN || data.against !== null && !isFolder(node) ? STATES[state[node]] : ''],
      ['Changed', changeOf.get(node) ?? ''],
    ];
    const sections = [showInMap(node), copiesOf(node)];
    if (top >= 0 && kind[top] === STORE_PATH && layerOf[node] !== removedLayer) {
      sections.push(whyOf(data.texts[nodes.name[top]]));
    }
    showDetails(name(node), path(node), facts, sections.flat());
  }

  function showInMap(node) {
    if (layerOf[node] === removedLayer) return [];
    const folder = isFolder(node) ? node : parent[node];
    return [make('button', {type: 'button', class: 'action', onclick: () => {
      $('details').hidden = true;
      select('map');
      zoom(folder);
      contents.focus(Math.max(0, contents.rows.indexOf(node)));
    }}, 'Show in the map')];
  }

  function copiesOf(node) {
    const copies = (repeats.get(node) ?? []).filter((i) => i !== node);
    if (!copies.length) return [];
    return [make('h3', {}, 'The same content is at'),
        make('ul', {}, ...copies.slice(0, 20).map((i) =>
          make('li', {}, link(path(i), () => detailsOfNode(i)), ` (layer ${layerOf[i]})`))),
        copies.length > 20 ? make('p', {class: 'note'}, `and at ${plural(copies.length - 20, 'more place')}`) : ''];
  }

  function link(text, open) {
    return make('button', {type: 'button', class: 'link', onclick: open}, text);
  }

  function linkToPath(text, current) {
    const row = partsOf.get(text);
    return row && text !== current
        ? link(shortName(text), () => detailsOfPath(row))
        : make('span', {title: text}, shortName(text));
  }

  function detailsOfPath(row) {
    showDetails(shortName(row.path), row.path, [
      ['Kind', 'store path'],
      ['Version', row.info.version],
      ['Size', size(row.bytes)],
      ['Share of the image', percent(row.bytes, bytes[root])],
      ['Files', number(row.files)],
      [row.layers.length > 1 ? 'Layers' : 'Layer', row.layers.join(', ')],
      ['Against ' + data.against, pathStates.get(row.path) ?? ''],
    ], showInMap(row.nodes[0]), whyOf(row.path));
  }

  /** Explains why a store path is in the image. */
  function whyOf(text) {
    const info = infoOfPath.get(text);
    const title = make('h3', {}, 'Why ' + shortName(text) + ' is in the image');
    if (!info?.chains) {
      return [title, make('p', {class: 'note'}, data.references
        ? 'The closure graph does not contain this path.'
        : 'Not known: the report was made without a closure graph (--closure-graph).')];
    }
    const chains = info.chains.map((chain) => {
      const item = make('li', {});
      const reason = infoOfPath.get(data.texts[chain[0]])?.reason;
      if (reason) item.append(make('span', {class: 'tag'}, reason));
      chain.forEach((id, i) => {
        if (i) item.append(make('span', {class: 'arrow'}, '→'));
        item.append(linkToPath(data.texts[id], text));
      });
      return item;
    });
    const lost = info.lost.map((id) => data.texts[id]).filter((other) => partsOf.has(other))
        .sort((a, b) => partsOf.get(b).bytes - partsOf.get(a).bytes);
    return [title,
      make('p', {class: 'note'}, 'Chains of references, shortest first:'),
      make('ol', {class: 'chains'}, ...chains),
      info.more ? make('p', {class: 'note'}, '“strata why” shows more chains.') : '',
      make('h3', {}, `Without it, the image would lose ${plural(lost.length, 'path')}, ${size(lostBytes(info))}`),
      make('ul', {}, ...lost.slice(0, 12).map((other) =>
        make('li', {}, linkToPath(other, text), ' ', make('span', {class: 'soft'}, size(partsOf.get(other).bytes))))),
      lost.length > 12 ? make('p', {class: 'note'}, `and ${number(lost.length - 12)} more`) : ''];
  }

  // ---------------------------------------------------------------- Views

  const changeOf = new Map(data.changes);
  /** How each store path compares to the other image. */
  const pathStates = new Map();
  for (const change of data.pathChanges ?? []) {
    if (change.after !== undefined) {
      pathStates.set(data.texts[change.after], change.before === undefined
        ? 'added' : 'was ' + versionOrHash(data.texts[change.before], data.texts[change.after]));
    }
  }

  /** Returns what tells a store path from one that it replaces or is replaced by. */
  function versionOrHash(path, other) {
    const version = shortNameParts(path)[1];
    return version && version !== shortNameParts(other)[1] ? version : path.slice(path.lastIndexOf('/') + 1).slice(0, 8) + '…';
  }
  const views = new Map();
  let current;

  function addView(id, label, build) {
    const tab = make('button', {
      type: 'button', role: 'tab', id: 'tab-' + id, 'aria-controls': 'panel-' + id,
      'aria-selected': 'false', tabindex: -1, onclick: () => select(id),
    }, label);
    const panel = make('div', {
      role: 'tabpanel', id: 'panel-' + id, class: 'panel', 'aria-labelledby': 'tab-' + id, hidden: true,
    });
    $('tabs').append(tab);
    $('panels').append(panel);
    views.set(id, {tab, panel, build});
  }

  /** Shows a view, which is built when it is shown for the first time. */
  function select(id) {
    current = id;
    for (const [key, view] of views) {
      view.tab.setAttribute('aria-selected', key === id);
      view.tab.tabIndex = key === id ? 0 : -1;
      view.panel.hidden = key !== id;
    }
    const view = views.get(id);
    if (view.build) {
      const build = view.build;
      view.build = undefined;
      build(view.panel);
    }
  }

  /** Makes arrow keys move between the buttons of a bar. */
  function arrows(bar, moved) {
    bar.addEventListener('keydown', (event) => {
      const buttons = [...bar.children];
      const at = buttons.indexOf(document.activeElement);
      const step = {ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1}[event.key];
      if (at < 0 || step === undefined) return;
      event.preventDefault();
      const target = buttons[(step + buttons.length) % buttons.length];
      buttons.forEach((button) => { button.tabIndex = button === target ? 0 : -1; });
      target.focus();
      moved?.(target);
    });
  }

  const named = (title, more) => [title, make('small', {}, more)];
  const stateCell = (node) => make('span', {class: 'state' + state[node]}, STATES[state[node]]);

  function searchable(label, rows, text, table, extra) {
    const input = make('input', {type: 'search', placeholder: label, 'aria-label': label, autocomplete: 'off', spellcheck: 'false'});
    const counter = make('span', {class: 'count', role: 'status'});
    let timer;
    const update = () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      const all = rows();
      const found = words.length
          ? all.filter((row) => { const t = text(row).toLowerCase(); return words.every((word) => t.includes(word)); })
          : all;
      counter.textContent = words.length ? `${number(found.length)} of ${number(all.length)}` : plural(all.length, 'row');
      table.show(found);
    };
    input.addEventListener('input', () => {
      clearTimeout(timer);
      timer = setTimeout(update, 120);
    });
    update();
    const tools = make('div', {class: 'tools'}, input, ...extra ?? [], counter);
    return {tools, update};
  }

  // Map

  const treemap = new Treemap((node) => {
    if (isFolder(node) && first[node + 1] > first[node] && node !== zoomed) zoom(node);
    else detailsOfNode(node);
  });
  const contents = new Table('Contents', [
    {label: 'Contents', cell: (node) => named(name(node), contentNote(node)), title: (node) => path(node),
      share: (node) => bytes[node] / (bytes[zoomed] || 1)},
    {label: 'Size', number: true, width: '96px', cell: (node) => size(bytes[node])},
    {label: 'Share', number: true, width: '86px', cell: (node) => percent(bytes[node], bytes[zoomed])},
  ], (node) => {
    if (isFolder(node) && first[node + 1] > first[node]) {
      zoom(node);
      contents.focus(0);
    } else {
      detailsOfNode(node);
    }
  }, {hover: (node) => treemap.highlight(node), empty: 'Empty.'});
  let zoomed = root;
  let colouring = 'layer';
  const crumbs = make('nav', {class: 'crumbs', 'aria-label': 'Path in the map'});
  const legend = make('div', {class: 'legend'});

  function contentNote(node) {
    if (kind[node] === LAYER && node !== removedLayer) return `${shortDigest(data.layers[node].digest)}, ${largestIn(node)}`;
    if (isFolder(node)) return plural(files[node], 'file');
    return KINDS[kind[node]] + (state[node] ? ', ' + STATES[state[node]] : '');
  }

  function zoom(node) {
    zoomed = node;
    const trail = [];
    for (let i = node; i >= 0; i = parent[i]) trail.unshift(i);
    crumbs.replaceChildren(make('ol', {}, ...trail.map((i) => make('li', {},
        i === node ? make('span', {'aria-current': 'location'}, name(i))
          : make('button', {type: 'button', onclick: () => {
            zoom(i);
            contents.focus(0);
          }}, name(i))))));
    contents.show([...inside(node)]);
    treemap.show(node, COLOURS[colouring].hue);
    say(`${name(node)}: ${size(bytes[node])}, ${plural(files[node], 'file')}`);
  }

  function showLegend() {
    const entry = (h, text) => {
      const box = make('i');
      box.style.background = colour(h, 0, false);
      return make('span', {}, box, text);
    };
    const entries = {
      layer: () => ['One colour for each layer.'],
      package: () => ['One colour for each package, whatever its version and output.'],
      change: () => [0, ADDED, CHANGED, HIDDEN].map((i) => entry(STATE_HUES[i], (STATE_MARKS[i].trim() + ' ' + STATES[i]).trim())),
      repeat: () => [entry(-1, 'content that occurs once'), entry(25, 'the same content elsewhere'), entry(STATE_HUES[HIDDEN], STATES[HIDDEN])],
    };
    legend.replaceChildren(...entries[colouring]());
  }

  function buildMap(panel) {
    const choices = Object.entries(COLOURS).filter(([key]) => key !== 'change' || data.against !== null);
    const chooser = make('select', {onchange: (event) => {
      colouring = event.target.value;
      treemap.show(zoomed, COLOURS[colouring].hue);
      showLegend();
    }}, ...choices.map(([key, {label}]) => make('option', {value: key}, label)));
    if (data.against !== null) chooser.value = colouring = 'change';
    else if (storePaths.length) chooser.value = colouring = 'package';
    panel.append(
        make('div', {class: 'tools'}, crumbs, make('label', {}, 'Colour by', chooser)),
        make('div', {class: 'map'}, make('div', {}, treemap.element, legend), contents.element));
    zoom(root);
    showLegend();
  }

  // Store paths

  function buildPaths(panel) {
    const largest = Math.max(1, ...storePaths.map((row) => row.bytes));
    const columns = [
      {label: 'Store path', sort: (row) => shortName(row.path), cell: (row) => named(shortName(row.path), row.path),
        title: (row) => row.path, share: (row) => row.bytes / largest},
      {label: 'Size', number: true, width: '92px', sort: (row) => row.bytes, cell: (row) => size(row.bytes)},
      {label: 'Files', number: true, wide: true, width: '90px', sort: (row) => row.files, cell: (row) => number(row.files)},
      {label: 'Layer', number: true, wide: true, width: '90px', sort: (row) => row.layers[0], cell: (row) => row.layers.join(', ')},
    ];
    if (data.references) {
      columns.splice(2, 0, {label: 'Lost without it', number: true, width: '132px', sort: (row) => row.lost,
        cell: (row) => row.lost < 0 ? '' : size(row.lost)});
    }
    if (data.against !== null) {
      columns.push({label: 'Against the other', wide: true, width: '200px', sort: (row) => pathStates.get(row.path) ?? '',
        cell: (row) => pathStates.get(row.path) ?? ''});
    }
    const table = new Table('Store paths', columns, detailsOfPath, {sort: 1});
    panel.append(searchable('Search store paths', () => storePaths, (row) => row.path, table).tools, table.element);
  }

  // Files

  function buildFiles(panel) {
    const rows = [];
    for (let i = 0; i < count; i++) {
      if (files[i] === 1 && !isFolder(i) && layerOf[i] !== removedLayer) rows.push(i);
    }
    const table = fileTable('Files', [
      {label: 'Layer', number: true, wide: true, width: '90px', sort: (i) => layerOf[i], cell: (i) => layerOf[i]},
      {label: 'Kind', wide: true, width: '130px', sort: (i) => kind[i], cell: (i) => KINDS[kind[i]]},
    ]);
    const all = allPaths();
    panel.append(searchable('Search files by path', () => rows, (i) => all[i], table).tools, table.element);
  }

  function fileTable(caption, more, options) {
    const all = allPaths();
    return new Table(caption, [
      {label: 'File', sort: (i) => all[i], cell: (i) => named(name(i), all[i].slice(0, -name(i).length - 1) || '/'),
        title: (i) => all[i]},
      {label: 'Size', number: true, width: '92px', sort: (i) => nodes.size[i], cell: (i) => size(nodes.size[i])},
      ...more,
    ], detailsOfNode, {sort: 1, ...options});
  }

  // Duplicates

  const groups = data.duplicates.map((group) => ({
    ...group, node: group.nodes[0], copies: group.nodes.length, size: nodes.size[group.nodes[0]]}));
  const {wasted, shareable} = data;
  let hidden = 0;
  for (let i = 0; i < count; i++) {
    if (state[i] === HIDDEN && !isFolder(i)) hidden += nodes.size[i];
  }

  function buildDuplicates(panel) {
    const table = new Table('Files with the same content', [
      {label: 'Content', sort: (g) => name(g.node), cell: (g) => named(name(g.node), path(g.node)), title: (g) => path(g.node)},
      {label: 'Size', number: true, wide: true, width: '92px', sort: (g) => g.size, cell: (g) => size(g.size)},
      {label: 'Copies', number: true, width: '84px', sort: (g) => g.copies, cell: (g) => number(g.copies)},
      {label: 'Wasted', number: true, width: '92px', sort: (g) => g.wasted, cell: (g) => g.wasted ? size(g.wasted) : ''},
      {label: 'Could be shared', number: true, wide: true, width: '150px', sort: (g) => g.shareable, cell: (g) => g.shareable ? size(g.shareable) : ''},
    ], (group) => detailsOfNode(group.node), {sort: wasted ? 3 : 4, empty: 'No content occurs more than once.'});
    panel.append(
        make('p', {class: 'note'},
            `${size(wasted)} wasted: the same content at the same path in several layers. `
            + `${size(shareable)} could be shared: the same content at another path. `
            + `${size(hidden)} in files that an upper layer replaces or removes.`),
        searchable('Search repeated files', () => groups, (g) => path(g.node), table).tools, table.element);
  }

  // Changes

  function buildChanges(panel) {
    const rows = [];
    for (let i = 0; i < count; i++) {
      if (kind[i] !== LAYER && state[i] >= ADDED && state[i] <= REMOVED && (!isFolder(i) || changeOf.has(i))) rows.push(i);
    }
    if (data.pathChanges?.length) {
      const changes = new Table('Store paths that differ', [
        {label: 'Store path', sort: (row) => shortNameParts(row.path)[0], cell: (row) => shortNameParts(row.path)[0],
          title: (row) => row.path},
        {label: 'Before', width: '22%', cell: (row) => row.before ? versionOrHash(row.before, row.after ?? '') : ''},
        {label: 'Now', width: '22%', cell: (row) => row.after ? versionOrHash(row.after, row.before ?? '') : ''},
        {label: 'Size', number: true, width: '104px', sort: (row) => row.delta, cell: (row) => (row.delta > 0 ? '+' : '') + size(row.delta)},
      ], (row) => {
        const own = partsOf.get(row.path);
        if (own) detailsOfPath(own);
        else showDetails(shortName(row.path), row.path, [['Kind', 'store path'], ['State', 'only in ' + data.against]]);
      }, {sort: 3, short: true});
      changes.show(data.pathChanges.map(({before, after, delta}) => ({
        before: data.texts[before], after: data.texts[after], path: data.texts[after ?? before], delta})));
      panel.append(make('h3', {}, 'Store paths'), changes.element);
    }
    let wanted = 0;
    const all = allPaths();
    const table = fileTable('Files that differ', [
      {label: 'Change', width: '104px', sort: (i) => state[i], cell: stateCell},
      {label: 'What', wide: true, width: '220px', cell: (i) => changeOf.get(i) ?? ''},
    ], {empty: 'No file differs.'});
    const chooser = make('select', {onchange: (event) => {
      wanted = Number(event.target.value);
      search.update();
    }}, make('option', {value: 0}, 'all changes'),
    ...[ADDED, CHANGED, REMOVED].map((i) => make('option', {value: i}, STATES[i])));
    const search = searchable('Search changed files', () => wanted ? rows.filter((i) => state[i] === wanted) : rows,
        (i) => all[i], table, [make('label', {}, 'Show', chooser)]);
    panel.append(make('h3', {}, 'Files'), search.tools, table.element);
  }

  // Push

  const uploaded = data.layers.map((layer, i) => ({layer, i})).filter(({layer}) => layer.upload);
  const isCompressed = (layer) => layer.blobSize !== layer.size;
  function buildPush(panel) {
    const total = uploaded.reduce((sum, {layer}) => sum + layer.blobSize, 0);
    const plain = uploaded.some(({layer}) => !isCompressed(layer));
    panel.append(make('p', {class: 'note'},
        uploaded.length
          ? `${uploaded.length} of ${plural(layerCount, 'layer')} are not in ${data.against}: a push to where that is uploads ${size(total)}${plain ? ' before compression' : ''}.`
          : `All layers are in ${data.against}: a push to where that is uploads no layer.`));
    const table = new Table('Layers to upload', [
      {label: 'Layer', cell: ({i, layer}) => named(`Layer ${i}: ${largestIn(i)}`, layer.digest), share: ({layer}) => layer.blobSize / (total || 1)},
      {label: 'To upload', number: true, width: '104px', sort: ({layer}) => layer.blobSize, cell: ({layer}) => size(layer.blobSize)},
      {label: 'Uncompressed', number: true, wide: true, width: '130px', sort: ({layer}) => layer.size, cell: ({layer}) => size(layer.size)},
      {label: 'Files', number: true, wide: true, width: '90px', sort: ({i}) => files[i], cell: ({i}) => number(files[i])},
    ], ({i}) => {
      select('map');
      zoom(i);
      contents.focus(0);
    }, {sort: 1, short: true, empty: 'No layer to upload.'});
    table.show(uploaded);
    panel.append(table.element);
  }

  function largestIn(layer) {
    const list = [...inside(layer)].slice(0, 3).map(name);
    return list.join(', ') + (inside(layer).length > 3 ? ', …' : '');
  }

  // ---------------------------------------------------------------- The frame

  function header() {
    $('name').textContent = data.name;
    document.title = data.name + ' - Strata';
    const facts = [data.platform, data.created && !data.created.startsWith('0001') && 'created ' + data.created.slice(0, 10), data.digest.slice(0, 19) + '…',
      data.against !== null && 'compared with ' + data.against];
    $('facts').textContent = facts.filter(Boolean).join(' · ');
    const packed = data.layers.reduce((sum, layer) => sum + layer.blobSize, 0);
    const whole = data.layers.reduce((sum, layer) => sum + layer.size, 0);
    const figures = [
      ['uncompressed', size(whole)],
      packed !== whole && ['compressed', size(packed)],
      [layerCount === 1 ? 'layer' : 'layers', number(layerCount)],
      storePaths.length && ['store paths', number(storePaths.length)],
      ['files', number(files[root])],
      wasted + hidden > 0 && ['wasted', size(Math.max(wasted, hidden))],
      data.against !== null && ['to upload', size(uploaded.reduce((sum, {layer}) => sum + layer.blobSize, 0))],
    ];
    $('figures').append(...figures.filter(Boolean).map(([key, value]) =>
      make('div', {}, make('dt', {}, key), make('dd', {}, value))));
  }

  function layerBar() {
    const bar = $('layers');
    bar.replaceChildren(...data.layers.map((layer, i) => {
      const label = `Layer ${i}: ${size(layer.size)}, ${plural(files[i], 'file')}`
          + (data.against === null ? '' : layer.upload ? ', to upload' : ', not to upload');
      const button = make('button', {type: 'button', tabindex: i ? -1 : 0, title: label, 'aria-label': label,
        onclick: () => {
          select('map');
          zoom(i);
        }}, layer.size / bytes[root] > 0.045 ? String(i) : '');
      button.style.flexGrow = layer.size;
      button.style.background = colour(data.against !== null && !layer.upload ? -1 : hue(i), 0, false);
      return button;
    }));
    $('layers-note').textContent = data.against === null ? ''
      : 'Grey layers need no upload: ' + data.against + ' has them.';
  }

  addView('map', 'Map', buildMap);
  if (storePaths.length) addView('paths', 'Store paths', buildPaths);
  addView('files', 'Files', buildFiles);
  addView('duplicates', 'Duplicates', buildDuplicates);
  if (data.against !== null) {
    addView('changes', 'Changes', buildChanges);
    addView('push', 'Next push', buildPush);
  }
  arrows($('tabs'), (tab) => select(tab.id.slice(4)));
  arrows($('layers'));
  header();
  layerBar();
  select('map');
  dark.addEventListener('change', () => {
    layerBar();
    treemap.draw();
    showLegend();
  });
  document.documentElement.dataset.ready = Math.round(performance.now());
})();
