// FleetConsole: enhancement only. Every page works without this file.
(() => {
  'use strict';
  const root = document.documentElement;
  root.dataset.js = '';

  // relative times on hover, counted from the server's clock
  const relative = ms => {
    const s = Math.round(Math.abs(ms) / 1000), d = Math.floor(s / 86400), h = Math.floor(s / 3600), m = Math.floor(s / 60);
    const text = d ? d + ' d ' + h % 24 + ' h' : h ? h + ' h ' + m % 60 + ' min' : m ? m + ' min ' + s % 60 + ' s' : s + ' s';
    return ms < 0 ? 'in ' + text : text + ' ago';
  };

  // one tab stop per chart, arrows inside it
  const rove = chart => {
    const items = [...chart.querySelectorAll('a.bucket')];
    const set = i => items.forEach((a, j) => a.setAttribute('tabindex', i === j ? '0' : '-1'));
    set(Math.max(0, items.findIndex(a => a.hasAttribute('aria-current'))));
    chart.addEventListener('keydown', e => {
      const at = items.indexOf(document.activeElement);
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: items.length - 1 }[e.key];
      if (at < 0 || to === undefined || !items[to]) return;
      e.preventDefault(); set(to); items[to].focus();
    });
  };

  const prepare = part => {
    const now = Date.parse(root.dataset.now);
    for (const t of part.querySelectorAll('time[datetime]'))
      t.title = t.dateTime.replace('T', ' ').replace('Z', ' UTC') + ', ' + relative(now - Date.parse(t.dateTime));
    part.querySelectorAll('[data-rove]').forEach(rove);

    // typed confirmation: the server checks again
    for (const form of part.querySelectorAll('form[data-confirm]')) {
      const input = form.querySelector('input[name=confirm]'), go = form.querySelector('button[type=submit]');
      const check = () => { go.disabled = input.value.trim() !== form.dataset.confirm; };
      input.addEventListener('input', check); check();
    }

    // copy the link that reproduces this view
    part.querySelector('[data-copy-link]')?.addEventListener('click', async e => {
      const link = new URL(e.target.dataset.copyLink || location.href, location.href).href;
      try { await navigator.clipboard.writeText(link); e.target.textContent = 'Link copied'; } catch { e.target.textContent = 'Copy from the address bar'; }
    });
  };

  // What is open, focused and scrolled stays so when the main part is replaced: found again by its place among its kind.
  const keyOf = (part, element) => {
    if (!element || !part.contains(element)) return null;
    if (element.id) return p => p.querySelector('#' + CSS.escape(element.id));
    const href = element.getAttribute('href'), all = element.tagName.toLowerCase();
    const same = [...part.querySelectorAll(all)].filter(e => e.getAttribute('href') === href);
    const at = same.indexOf(element);
    return p => [...p.querySelectorAll(all)].filter(e => e.getAttribute('href') === href)[at];
  };
  const replace = (before, after) => {
    const open = [...before.querySelectorAll('details')].map(d => [d.querySelector('summary')?.textContent, d.open]);
    const seen = new Map(open);
    after.querySelectorAll('details').forEach((d, i) => {
      const text = d.querySelector('summary')?.textContent;
      if (seen.has(text)) d.open = seen.get(text); else if (open[i]) d.open = open[i][1];
    });
    const scrolled = [...before.querySelectorAll('.tablebox, .scroll, .graph')].map(e => [e.scrollTop, e.scrollLeft]);
    const focus = keyOf(before, document.activeElement);
    prepare(after);
    before.replaceWith(after);
    [...after.querySelectorAll('.tablebox, .scroll, .graph')].forEach((e, i) => { if (scrolled[i]) [e.scrollTop, e.scrollLeft] = scrolled[i]; });
    const target = focus?.(after);
    if (target) { if (target.closest('[data-rove]')) target.setAttribute('tabindex', '0'); target.focus({ preventScroll: true }); }
  };

  // The page follows what arrives: the same address is asked for again while the tab is in sight and nobody types.
  const follow = period => {
    let paused = false, failures = 0;
    const button = document.querySelector('[data-live-toggle]');
    button?.addEventListener('click', () => { paused = !paused; button.textContent = paused ? 'Resume' : 'Pause'; });
    const busy = () => paused || document.hidden || document.activeElement?.matches('main input, main textarea, main select') || String(getSelection()).length > 0;
    const tick = async () => {
      if (!busy()) {
        try {
          const answer = await fetch(location.href, { headers: { 'X-Live': '1' }, redirect: 'error' });
          const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
          const after = page.querySelector('main');
          if (answer.ok && after && !busy()) {
            root.dataset.now = page.documentElement.dataset.now;
            replace(document.querySelector('main'), document.adoptNode(after));
            document.querySelector('nav.nav')?.replaceChildren(...(page.querySelector('nav.nav')?.childNodes ?? []));
            failures = 0;
            if (!page.documentElement.dataset.live) return;
          } else if (!answer.ok) failures++;
        } catch { failures++; }
      }
      setTimeout(tick, Math.min(period * 2 ** failures, 30000));
    };
    setTimeout(tick, period);
  };

  addEventListener('DOMContentLoaded', () => {
    prepare(document);
    if (root.dataset.live) follow(Number(root.dataset.live));
  });
})();
