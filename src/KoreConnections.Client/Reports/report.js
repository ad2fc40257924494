
'use strict';
// Sorting and filtering. Without this script the page shows all the same.
{
    const order = new Intl.Collator('en', { numeric: true });
    const valueOf = cell => cell.dataset.value ?? cell.textContent;

    const compare = (a, b) => Number.isNaN(a - b) ? order.compare(a, b) : a - b;

    function makeSortable(table) {
        const body = table.tBodies[0];
        for (const head of table.tHead.rows[0].cells) {
            const button = document.createElement('button');
            button.type = 'button';
            button.textContent = head.textContent;
            head.replaceChildren(button);
            button.addEventListener('click', () => {
                const direction = head.getAttribute('aria-sort') === 'ascending' ? -1 : 1;
                table.tHead.querySelector('[aria-sort]')?.removeAttribute('aria-sort');
                head.setAttribute('aria-sort', direction === 1 ? 'ascending' : 'descending');
                const rows = Array.from(body.rows, row => ({ row, value: valueOf(row.cells[head.cellIndex]) }));
                // Empty values come last in both directions.
                rows.sort((a, b) => (a.value === '') - (b.value === '') || direction * compare(a.value, b.value));
                body.append(...rows.map(r => r.row));
            });
        }
    }

    function makeFilterable(table) {
        const rows = Array.from(table.tBodies[0].rows, row => ({ row, text: row.textContent.toLowerCase() }));
        const tools = document.createElement('div');
        tools.className = 'tools';
        tools.setAttribute('role', 'search');
        tools.setAttribute('aria-label', `Filter ${table.id}`);
        const words = add(tools, 'Filter', document.createElement('input'));
        words.type = 'search';
        const choices = Array.from(table.tHead.querySelectorAll('[data-choose]'), head => makeChoice(tools, head, rows)).filter(c => c);
        const count = document.createElement('output');
        tools.append(count);
        const apply = () => {
            const wanted = words.value.toLowerCase().split(/\s+/);
            let shown = 0;
            for (const { row, text } of rows) {
                row.hidden = !(wanted.every(w => text.includes(w)) && choices.every(c => c.allows(row)));
                shown += !row.hidden;
            }

            count.value = `${shown} of ${rows.length}`;
        };
        tools.addEventListener('input', apply);
        apply();
        table.parentElement.before(tools);
    }

    function makeChoice(tools, head, rows) {
        const cellOf = row => row.cells[head.cellIndex].textContent;
        const values = [...new Set(rows.map(r => cellOf(r.row)))].sort(order.compare);
        if (values.length < 2) {
            return null;
        }

        const choice = add(tools, head.textContent, document.createElement('select'));
        choice.add(new Option('All', ''));
        values.forEach((value, i) => choice.add(new Option(value || '(none)', i + 1)));
        return { allows: row => !choice.value || cellOf(row) === values[choice.value - 1] };
    }

    function add(tools, name, control) {
        const label = document.createElement('label');
        label.append(name, ' ', control);
        tools.append(label);
        return control;
    }

    for (const table of document.querySelectorAll('table')) {
        // Few rows are seen at a glance.
        if (table.tHead.querySelector('[data-choose]') && table.tBodies[0].rows.length > 5) {
            makeFilterable(table);
        }

        makeSortable(table);
    }

    document.documentElement.classList.add('js');
}
