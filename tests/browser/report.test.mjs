// The page of Export-ConnectionReport in a real browser.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, test as run } from 'node:test';
import { chromiumPath, launch, makePages } from './report.mjs';

const axe = () => readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const skip = !chromiumPath && 'there is no Chromium on the PATH; on Debian: apt-get install chromium';
// Each test is skipped, not the suite, so that their number is counted.
const test = (name, body) => run(name, { skip }, body);

describe('the report in a browser', () => {
    let browser;
    let pages;

    before(async () => {
        if (skip) {
            return;
        }

        pages = makePages();
        browser = await launch();
    });

    after(() => browser?.close());

    // What a browser complains of, and what it asks for beside the page, are faults in every test.
    async function open(name, options, use) {
        const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
        const page = await context.newPage();
        const faults = [];
        page.on('console', message => faults.push(message.text()));
        page.on('pageerror', error => faults.push(error.message));
        page.on('request', request => request.url() === pages.address(name) || faults.push(request.url()));
        try {
            await page.goto(pages.address(name));
            await use(page);
            assert.deepEqual(faults, []);
        } finally {
            await context.close();
        }
    }

    const column = (page, table, number) => page.locator(`#${table} tbody tr:not([hidden]) > :nth-child(${number})`).allTextContents();

    const looks = {
        light: {},
        dark: { colorScheme: 'dark' },
        'as wide as a phone': { viewport: { width: 400, height: 800 } },
        'dark, as wide as a phone': { colorScheme: 'dark', viewport: { width: 400, height: 800 } },
    };
    for (const name of ['none', 'few', 'hostile']) {
        for (const [look, options] of Object.entries(looks)) {
            test(`${name}, ${look}: axe finds nothing, and nothing is wider than the window`, () => open(name, options, async page => {
                await page.evaluate(axe());
                const { violations } = await page.evaluate(() => axe.run());
                assert.deepEqual(violations.map(v => `${v.impact} ${v.id}: ${v.nodes[0].html}`), []);
                const { width, shown } = await page.evaluate(() => ({ width: document.documentElement.scrollWidth, shown: document.documentElement.clientWidth }));
                assert.ok(width <= shown, `${width} > ${shown}`);
            }));
        }
    }

    test('dark is dark, and light is light', async () => {
        const brightness = page => page.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/\d+/g).reduce((sum, n) => sum + Number(n), 0) / 3);
        await open('few', {}, async page => assert.ok(await brightness(page) > 200));
        await open('few', { colorScheme: 'dark' }, async page => assert.ok(await brightness(page) < 60));
    });

    test('what names and titles hold is text', () => open('hostile', {}, async page => {
        assert.equal(await page.title(), '</title><script>document.title = 1</script>');
        assert.equal(await page.locator('h1').textContent(), '</title><script>document.title = 1</script>');
        assert.ok((await column(page, 'connections', 1)).includes(pages.hostile));
        assert.ok((await column(page, 'models', 3)).includes(pages.hostile));
        assert.equal(await page.locator('img').count(), 0);
    }));

    test('the policy stops scripts and requests that are not of the page', async () => {
        let asked = 0;
        const server = createServer((_, answer) => {
            asked++;
            answer.end();
        }).listen(0, '127.0.0.1');
        await once(server, 'listening');
        const page = await browser.newPage();
        await page.goto(pages.address('few'));
        const blocked = await page.evaluate(async address => {
            const events = [];
            const all = new Promise(resolve => document.addEventListener('securitypolicyviolation', e => events.push(e.effectiveDirective) === 4 && resolve()));
            const script = document.createElement('script');
            script.textContent = 'document.title = "run"';
            const image = document.createElement('img');
            image.src = `${address}/x.png`;
            const style = document.createElement('link');
            Object.assign(style, { rel: 'stylesheet', href: `${address}/x.css` });
            document.body.append(script, image, style);
            await fetch(address).catch(() => { });
            await all;
            return events;
        }, `http://127.0.0.1:${server.address().port}`);
        assert.notEqual(await page.title(), 'run');
        assert.deepEqual(blocked.sort(), ['connect-src', 'img-src', 'script-src-elem', 'style-src-elem']);
        await page.close();
        server.close();
        assert.equal(asked, 0);
    });

    for (const [table, number, what] of [['connections', 1, 'names'], ['models', 4, 'numbers'], ['models', 6, 'the time left'], ['issues', 1, 'severities'], ['actions', 2, 'days']]) {
        test(`a head sorts ${what}, by mouse and by keyboard: ${table}`, () => open('few', {}, async page => {
            const head = page.locator(`#${table} thead th`).nth(number - 1);
            const values = () => page.locator(`#${table} tbody tr > :nth-child(${number})`).evaluateAll(cells => cells.map(c => c.dataset.value ?? c.textContent));
            const isNumber = (await values()).every(v => v === '' || !Number.isNaN(Number(v)));
            const sorted = (await values()).filter(v => v).sort(isNumber ? (a, b) => a - b : new Intl.Collator('en').compare);
            await head.locator('button').click();
            assert.equal(await head.getAttribute('aria-sort'), 'ascending');
            assert.deepEqual((await values()).filter(v => v), sorted);
            await head.locator('button').focus();
            await page.keyboard.press('Enter');
            assert.equal(await head.getAttribute('aria-sort'), 'descending');
            assert.deepEqual((await values()).filter(v => v), sorted.reverse());
            // Empty values are last in both directions.
            assert.ok((await values()).slice(sorted.length).every(v => v === ''));
            assert.ok(sorted.length > 2);
        }));
    }

    test('a thousand connections are under 2 MB, sort and filter', () => open('thousand', {}, async page => {
        assert.ok(statSync(join(pages.folder, 'thousand.html')).size < 2_000_000);
        const section = page.locator('section', { has: page.locator('#connections') });
        assert.equal(await section.locator('output').textContent(), '1000 of 1000');
        await section.getByRole('searchbox').fill('OPUS own');
        assert.deepEqual(await column(page, 'connections', 1), ['Own gateway']);
        assert.equal(await section.locator('output').textContent(), '1 of 1000');
        await section.getByRole('searchbox').fill('');
        await section.getByLabel('Provider').selectOption('Azure Open AI');
        assert.deepEqual(await column(page, 'connections', 1), ['Finance']);
        await section.getByLabel('Provider').selectOption('All');
        await section.locator('thead button').first().click();
        assert.equal((await column(page, 'connections', 1))[0], pages.hostile);
        assert.equal((await column(page, 'connections', 1)).length, 1000);
    }));

    test('without scripts, as in a mail program, everything is there, and no control that does nothing', () => open('thousand', { javaScriptEnabled: false }, async page => {
        assert.equal(await page.locator('#connections tbody tr').count(), 1000);
        assert.equal(await page.locator('button, input, select').count(), 0);
        assert.ok(await page.locator('#connections tbody tr').last().isVisible());
        assert.match(await page.locator('.lead h2').first().textContent(), /^Act now: /);
    }));

    test('a finding leads to what to do', () => open('few', {}, async page => {
        await page.locator('#issues a').first().click();
        const target = await page.evaluate(() => document.querySelector(':target').textContent);
        assert.match(target, /Model retired/);
    }));

    test('printed, the controls are away and the text is dark on light', () => open('thousand', { colorScheme: 'dark' }, async page => {
        await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
        assert.equal(await page.locator('.tools').first().isVisible(), false);
        assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(255, 255, 255)');
    }));
});
