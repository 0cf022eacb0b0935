namespace IotOps.Archive.Deflate;

/// <summary>How hard a <see cref="LogMatcher"/> looks: a type for each, so that its loops are compiled for these numbers.</summary>
internal interface ILogEffort
{
    /// <summary>Places looked at for a match.</summary>
    static abstract int Depth { get; }

    /// <summary>From this length on a match is looked behind with <see cref="GoodDepth"/> alone.</summary>
    static abstract int Good { get; }

    /// <inheritdoc cref="Good"/>
    static abstract int GoodDepth { get; }

    /// <summary>From this length on a match is not looked behind.</summary>
    static abstract int Lazy { get; }

    /// <summary>From this length on a match is taken without looking for a longer one.</summary>
    static abstract int Nice { get; }

    /// <summary>Of a longer match only so many places at its beginning and at its end are remembered: those between follow from them.</summary>
    static abstract int RememberedEnd { get; }

    /// <summary>
    /// A match that is to be made longer is looked for among the places that have its last four bytes and the one behind it, too, where those are fewer
    /// than the ones that begin as it does: lines begin alike, and differ in a number somewhere.
    /// </summary>
    static abstract bool LooksAtEnds { get; }
}
