namespace IotOps.Archive.Records;

/// <summary>How far a <see cref="RecordParser"/> came.</summary>
internal enum ParseStep
{
    /// <summary>The record has ended.</summary>
    Complete,

    /// <summary>All bytes are read, and the record goes on.</summary>
    Incomplete,

    /// <summary>Something does not belong where it is.</summary>
    Fault,
}
