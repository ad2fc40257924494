// Makes the pictures of the report in docs: npm run screenshots

import { join } from 'node:path';
import { root } from '../azure-pipelines/support.mjs';
import { launch, makePages } from './report.mjs';

const pages = makePages();
const browser = await launch();
for (const colorScheme of ['light', 'dark']) {
    const page = await browser.newPage({ colorScheme, viewport: { width: 1100, height: 980 } });
    await page.goto(pages.address('few'));
    // The sandbox has another port each time.
    await page.evaluate(() => document.querySelector('header p').textContent = document.querySelector('header p').textContent.replace(/localhost:\d+/, 'agent-platform.kore.ai'));
    await page.screenshot({ path: join(root, 'docs', `report-${colorScheme}.png`) });
}

await browser.close();
