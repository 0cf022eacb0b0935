namespace IotOps.Archive.Exporting;

/// <summary>What of its objects' records a file of the zip holds.</summary>
internal enum MergedRecords
{
    /// <summary>Those that the filter wants.</summary>
    Wanted,

    /// <summary>Those that could not be read, as they are.</summary>
    Unreadable,
}
