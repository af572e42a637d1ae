// The report: a document of sections and blocks, laid out as a page with a table of contents.

import { html } from './dom.js';
import { drawBlock } from './blocks.js';
import { followReading, tableOfContents } from './contents.js';
import { arrange } from './layout/groups.js';
import { tabbed } from './tabs.js';

/** Draw the whole document into `node`. `context` is what components may need beside their block: {world}. */
export function drawPage(node, report, context) {
  const entries = arrange(report.sections);
  const groups = entries.find((entry) => entry.groups)?.groups ?? [];
  const told = { ...context, groupId: new Map(groups.map((group) => [group.name, group.id])) };
  const bodies = groups.map((group) => ({ ...group, body: group.sections.map((section) => drawSection(section, told, 3)) }));
  const tabs = groups.length ? tabbed(bodies, 'Groups of goods') : null;
  const main = html('main', { id: 'report' }, entries.map((entry) => (entry.groups ? tabs.node : drawSection(entry.section, told, 2))));
  const contents = tableOfContents(entries);
  const layout = html('div', { class: groups.length ? 'layout has-tabs' : 'layout' }, contents, main);
  node.append(html('a', { class: 'skip', href: '#report' }, 'Skip to the report'), masthead(report), layout, colophon(report));
  document.documentElement.classList.toggle('has-tabs', groups.length > 0);
  tabs?.follow();
  followReading(contents, [...main.querySelectorAll('section')]);
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

// Headings of a section are one level deeper inside a group, whose name stands above them.
function drawSection(section, context, level) {
  const body = section.blocks.map((block) => drawBlock(block, context, level + 1));
  return html(
    'section',
    { id: section.id, 'aria-labelledby': `${section.id}-title` },
    html(`h${level}`, { id: `${section.id}-title`, class: 'section-title' }, section.title),
    section.intro ? html('p', { class: 'intro' }, section.intro) : null,
    body,
  );
}

function colophon(report) {
  return html(
    'footer',
    { class: 'colophon' },
    html('p', {}, `Made with Corridor ${report.version}. Case ${report.case.name}, hash ${report.case.hash}.`),
    html('p', {}, 'This page is complete: it loads nothing and sends nothing.'),
  );
}
