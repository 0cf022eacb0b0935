namespace IotOps.Shared;

/// <summary>Where <see cref="GzipMembers.Next"/> stopped.</summary>
internal enum GzipEvent
{
    /// <summary>All that was read is examined.</summary>
    NeedsMore,

    /// <summary>Deflate data begins at <see cref="GzipMembers.At"/>.</summary>
    MemberBegan,

    /// <summary>A member has ended and was good; the inflater still knows its plain bytes.</summary>
    MemberEnded,
}
