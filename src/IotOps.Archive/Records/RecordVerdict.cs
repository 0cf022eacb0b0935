namespace IotOps.Archive.Records;

/// <summary>What a filter says of a record.</summary>
internal enum RecordVerdict
{
    Wanted,

    /// <summary>Another device's, or another day's.</summary>
    Unwanted,

    /// <summary>No JSON object, or without a property that decides.</summary>
    Unreadable,

    /// <summary>Its end has not been read yet.</summary>
    Incomplete,
}
