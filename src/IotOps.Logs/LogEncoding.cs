namespace IotOps.Logs;

/// <summary>How a file's bytes become text.</summary>
public enum LogEncoding
{
    /// <summary>By its byte order mark; UTF-8 without one.</summary>
    Detect,

    /// <summary>UTF-8.</summary>
    Utf8,

    /// <summary>UTF-16, little endian.</summary>
    Utf16,

    /// <summary>UTF-16, big endian.</summary>
    Utf16BigEndian,

    /// <summary>ISO 8859-1.</summary>
    Latin1,
}
