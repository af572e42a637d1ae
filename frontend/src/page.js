// The report: a document of sections and blocks, laid out as a page with a table of contents.

import { html } from './dom.js';
import { answers } from './components/answers.js';
import { bars } from './components/bars.js';
import { maps } from './components/maps.js';
import { sankey } from './components/sankey.js';
import { series } from './components/series.js';
import { sources } from './components/sources.js';
import { table } from './components/table.js';
import { text } from './components/text.js';

const COMPONENTS = { answers, bars, maps, sankey, series, sources, table, text };

/** Draw the whole document into `node`. `context` is what components may need beside their block: {world}. */
export function drawPage(node, report, context) {
  const sections = report.sections.map((section) => drawSection(section, context));
  const main = html('main', { id: 'report' }, sections);
  const contents = tableOfContents(report.sections);
  node.append(html('a', { class: 'skip', href: '#report' }, 'Skip to the report'), masthead(report), html('div', { class: 'layout' }, contents, main), colophon(report));
  followReading(contents, sections);
}

function masthead(report) {
  const facts = [
    ['Case', report.case.title || report.case.name],
    ['Made', report.generated],
    ['Corridor', report.version],
    ['Case hash', report.case.hash.slice(0, 12)],
  ];
  return html(
    'header',
    { class: 'masthead' },
    html('h1', {}, report.title),
    report.subtitle ? html('p', { class: 'subtitle' }, report.subtitle) : null,
    html('dl', { class: 'facts' }, facts.map(([term, value]) => html('div', {}, html('dt', {}, term), html('dd', {}, value)))),
  );
}

function drawSection(section, context) {
  const body = section.blocks.map((block) => drawBlock(block, context));
  return html(
    'section',
    { id: section.id, 'aria-labelledby': `${section.id}-title` },
    html('h2', { id: `${section.id}-title` }, section.title),
    section.intro ? html('p', { class: 'intro' }, section.intro) : null,
    body,
  );
}

function drawBlock(block, context) {
  const node = html('div', { class: `block ${block.type}` });
  if (block.title) node.append(html('h3', {}, block.title));
  const body = html('div', { class: 'block-body' });
  node.append(body);
  COMPONENTS[block.type](body, block, context);
  if (block.note) node.append(html('p', { class: 'note' }, block.note));
  return node;
}

function tableOfContents(sections) {
  const links = sections.map((section) => html('li', {}, html('a', { href: `#${section.id}` }, section.title)));
  const list = html('ol', {}, links);
  const details = html('details', { class: 'contents-fold' }, html('summary', {}, 'Contents'), list);
  // On a wide page the list always stands open beside the text; on a narrow one it folds away after a choice.
  const wide = matchMedia('(min-width: 68rem)');
  const follow = () => { details.open = wide.matches; };
  wide.addEventListener('change', follow);
  follow();
  list.addEventListener('click', () => { details.open = wide.matches; });
  return html('nav', { class: 'contents', 'aria-label': 'Contents' }, details);
}

function followReading(contents, sections) {
  const links = new Map([...contents.querySelectorAll('a')].map((link) => [link.hash.slice(1), link]));
  const inView = new Set();
  const observer = new IntersectionObserver((entries) => {
    for (const entry of entries) inView[entry.isIntersecting ? 'add' : 'delete'](entry.target);
    const first = sections.find((section) => inView.has(section));
    for (const [id, link] of links) {
      if (first && id === first.id) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    }
  }, { rootMargin: '-80px 0px -55% 0px' });
  sections.forEach((section) => observer.observe(section));
}

function colophon(report) {
  return html(
    'footer',
    { class: 'colophon' },
    html('p', {}, `Made with Corridor ${report.version}. Case ${report.case.name}, hash ${report.case.hash}.`),
    html('p', {}, 'This page is complete: it loads nothing and sends nothing.'),
  );
}
