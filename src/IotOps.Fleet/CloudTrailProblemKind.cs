namespace IotOps.Fleet;

/// <summary>What is wrong with a source of CloudTrail records, or with a part of it.</summary>
public enum CloudTrailProblemKind
{
    /// <summary>The source could not be read, or not to its end.</summary>
    Unreadable = 0,

    /// <summary>The name ends with .gz, and the content is no gzip.</summary>
    NotGzip = 1,

    /// <summary>The gzip is cut off, or its content does not have the checksum that it says.</summary>
    GzipDamaged = 2,

    /// <summary>A second gzip member follows, which CloudTrail never writes and many readers silently take or ignore. It was not read.</summary>
    GzipExtraMember = 3,

    /// <summary>Bytes follow the gzip. They were not read.</summary>
    GzipTrailingData = 4,

    /// <summary>The file is no JSON from some place on.</summary>
    NotJson = 5,

    /// <summary>The JSON ends in the middle.</summary>
    CutShort = 6,

    /// <summary>Something follows the JSON.</summary>
    TrailingData = 7,

    /// <summary>The file has no member Records, or it is no array.</summary>
    NoRecords = 8,

    /// <summary>The file has several members Records. All were read.</summary>
    RecordsTwice = 9,

    /// <summary>Members of Records are no objects. They were left out.</summary>
    NotObjects = 10,

    /// <summary>A record is no JSON. It was left out.</summary>
    BadRecord = 11,

    /// <summary>A record is longer than <see cref="CloudTrailReaderOptions.MaxRecordBytes"/>. It was left out.</summary>
    RecordTooLong = 12,

    /// <summary>A record has a major version that is not known, so that nothing is sure about its members. It was left out.</summary>
    UnknownVersion = 13,
}
