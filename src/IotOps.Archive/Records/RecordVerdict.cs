namespace IotOps.Archive.Records;

/// <summary>What becomes of a record.</summary>
internal enum RecordVerdict
{
    Wanted,

    /// <summary>Another device's, of another time, or without the text that was asked for.</summary>
    Unwanted,

    /// <summary>No JSON object.</summary>
    NoJson,

    /// <summary>Longer than is read.</summary>
    TooLong,

    /// <summary>Without the property that names the device.</summary>
    NoIdentifier,

    /// <summary>Without the property that tells the time, or with something else in it.</summary>
    NoTime,
}
