// Types that the compiler asks for and netstandard2.0 lacks. A generator of them would do, but those that there are write
// them in another order with each build, and two builds of a commit would differ.
#pragma warning disable CS0436 // Where one assembly shows another its internals, each still means its own.
namespace System
{
    /// <summary>A place in a list, from its start or its end: for list patterns and <c>[^1]</c>.</summary>
    internal readonly struct Index(int value, bool fromEnd = false)
    {
        public int GetOffset(int length) => fromEnd ? length - value : value;

        public static implicit operator Index(int value) => new(value);
    }

    /// <summary>A part of a list: for <c>[1..]</c>, which the compiler turns into Substring or Slice.</summary>
    internal readonly struct Range(Index start, Index end)
    {
        public Index Start { get; } = start;

        public Index End { get; } = end;
    }
}

namespace System.Runtime.CompilerServices
{
    /// <summary>For records and init accessors.</summary>
    internal static class IsExternalInit;
}
