namespace IotOps.Logs.Reading;

/// <summary>The encoding of one file once it is known.</summary>
internal enum TextEncoding
{
    Utf8,
    Utf16,
    Utf16BigEndian,
    Latin1,
}
