namespace IotOps.Archive.Layout;

/// <summary>What a listed key is to the listing's purpose.</summary>
internal enum ListedKey
{
    Wanted,

    /// <summary>Not named after a time, or too early.</summary>
    Unwanted,

    /// <summary>Neither it nor any after it is wanted.</summary>
    BehindTheEnd,
}
