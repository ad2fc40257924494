// One shell for many steps: each finds what it would find in a shell of its own, and nothing of the one before.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { newFolder, runStep, shell } from './support.mjs';
import { explain, extension, posixOnly, useTask } from './task.mjs';

const traces = `$ErrorActionPreference = 'Continue'; $global:Left = 1; function global:az { 'left' }; Set-Alias left az -Scope Global; $env:LEFT = 1; $env:GIVEN = 'other'
    $global:VerbosePreference = 'Continue'; $global:PSDefaultParameterValues['*:Name'] = 'left'; $PSStyle.OutputRendering = 'PlainText'; [Environment]::CurrentDirectory = Set-Location / -PassThru
    Register-KeySource corp { 'marked-left-behind' }; Unregister-KeySource secret; [KoreConnections.KeySource]::add_Resolved({ 'left' }); Connect-KorePlatform -Sandbox -ApiKey (ConvertTo-SecureString sandbox-key-left -AsPlainText -Force)
    $null = Register-EngineEvent left -Action { }; $null = New-Module { function Get-Left { } } | Import-Module; $OutputEncoding = [Text.Encoding]::Unicode; throw 'left'`;
const state = `Get-ChildItem env: | Where-Object Name -notmatch '^(DOTNET|POWERSHELL)_' | ForEach-Object { "env $($_.Name)=$($_.Value)" }
    Get-Variable -Scope Global | Where-Object Name -notin PID, PROFILE, mark, StackTrace, PSBoundParameters, MyInvocation, '^', '$', '?', Error | ForEach-Object { "variable $($_.Name)=$($_.Value)" }
    Get-Command -CommandType Function, Alias, Filter -ListImported | ForEach-Object { "$($_.CommandType) $($_.Name)" }
    Get-Module | ForEach-Object { "module $($_.Path)" }; Get-KeySource | ForEach-Object { "source $($_.Scheme)" }; Get-KoreSession -All | ForEach-Object { "session $($_.BaseUri)" }
    "encodings $([Console]::OutputEncoding.WebName) $([Console]::InputEncoding.WebName) $($OutputEncoding.WebName)"; "folders $PWD $([Environment]::CurrentDirectory)"; "error $($Error.Count)"
    "style $($PSStyle.OutputRendering)"; "cultures $(Get-Culture) $(Get-UICulture)"; "events $(@(Get-EventSubscriber).Count)"
    "subscribers $([KoreConnections.KeySource].GetField('Resolved', 'NonPublic, Static').GetValue($null).GetInvocationList().Count)"; Get-PSDrive | ForEach-Object { "drive $($_.Name) $($_.Root)" }`;

describe('A warm shell', posixOnly, () => {
    const task = useTask();
    const work = newFolder();
    const run = (script, how) => runStep(extension, how, { action: 'script', script }, { work, endpoint: { url: task.sandbox.origin, key: task.sandbox.key }, env: { GIVEN: 'of a\nstep=', EMPTY: '' } });
    const found = ({ log }) => log.replaceAll(shell.path, 'SHELL').replaceAll(task.warm.path, 'SHELL').replace(/kore-connections-\w+/g, 'FOLDER').split('\n').sort();

    test('shows a step what a shell of its own would show, and nothing of the step before', async () => {
        const own = await run(state, shell);
        assert.ok(found(own).length > 150, explain(own));
        const before = await run(traces, task.warm);
        assert.match(before.issues.map(i => i.message).join(), /left/, explain(before));
        assert.deepEqual(found(await run(state, task.warm)), found(own));
    });

    test('shows what a step writes as it is written', async () => {
        const script = "'first'; foreach ($i in 1..600) { if (Test-Path seen) { break }; Start-Sleep -Milliseconds 50 }; \"seen $(Test-Path seen)\"";
        const onLine = line => line === 'first' && writeFileSync(join(work, '1', 's', 'seen'), '');
        const step = await runStep(extension, task.warm, { action: 'script', script }, { work, endpoint: { url: task.sandbox.origin, key: task.sandbox.key }, onLine });
        assert.match(step.log, /^seen True$/m, explain(step));
    });

    test('that ends fails its step, and another takes its place', async () => {
        const ended = await run('[Environment]::Exit(0)', task.warm);
        assert.match(ended.issues[0].message, /PowerShell ended early, with exit code 70/, explain(ended));
        assert.deepEqual((await run("'ran'", task.warm)).results, ['Succeeded']);
    });
});
