using System;
using System.Management.Automation;
using System.Management.Automation.Host;

namespace KoreConnections.Host;

/// <summary>The screen as formatting sees it: its width matters; cells, cursor and colours are left to the terminal.</summary>
internal sealed class ConsoleScreen : PSHostRawUserInterface
{
    private const int RedirectedWidth = 120;
    private const int RedirectedHeight = 50;

    public override Size BufferSize { get => WindowSize; set { } }

    // A terminal that does not know its size says 0.
    public override Size WindowSize
    {
        get => !Console.IsOutputRedirected && Console.WindowWidth is > 0 and var width
            ? new(width, Console.WindowHeight)
            : new(RedirectedWidth, RedirectedHeight);
        set { }
    }

    public override Size MaxWindowSize => WindowSize;

    public override Size MaxPhysicalWindowSize => WindowSize;

    public override Coordinates WindowPosition { get; set; }

    public override Coordinates CursorPosition { get; set; }

    public override int CursorSize { get; set; } = 25;

    public override ConsoleColor ForegroundColor { get; set; } = ConsoleColor.Gray;

    public override ConsoleColor BackgroundColor { get; set; } = ConsoleColor.Black;

    public override string WindowTitle { get; set; } = "";

    public override bool KeyAvailable => !Console.IsInputRedirected && Console.KeyAvailable;

    public override void FlushInputBuffer()
    {
    }

    public override KeyInfo ReadKey(ReadKeyOptions options) => throw NotSupported();

    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw NotSupported();

    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw NotSupported();

    public override void SetBufferContents(Rectangle rectangle, BufferCell fill) => throw NotSupported();

    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) =>
        throw NotSupported();

    private static PSNotSupportedException NotSupported() => new("This host reads lines and writes text, nothing finer.");
}
