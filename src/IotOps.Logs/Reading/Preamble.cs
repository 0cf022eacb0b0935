namespace IotOps.Logs.Reading;

/// <summary>Finds a file's encoding by its first bytes.</summary>
internal static class Preamble
{
    private static ReadOnlySpan<byte> Utf8Mark => [0xEF, 0xBB, 0xBF];

    private static ReadOnlySpan<byte> Utf16Mark => [0xFF, 0xFE];

    private static ReadOnlySpan<byte> Utf16BigEndianMark => [0xFE, 0xFF];

    /// <summary>False when the bytes may still become a byte order mark. <paramref name="length"/> is the mark's length, 0 without one.</summary>
    public static bool TryDetect(ReadOnlySpan<byte> head, LogEncoding configured, bool isWhole, out TextEncoding encoding, out int length)
    {
        encoding = configured switch
        {
            LogEncoding.Latin1 => TextEncoding.Latin1,
            LogEncoding.Utf16 => TextEncoding.Utf16,
            LogEncoding.Utf16BigEndian => TextEncoding.Utf16BigEndian,
            LogEncoding.Detect when head.StartsWith(Utf16Mark) => TextEncoding.Utf16,
            LogEncoding.Detect when head.StartsWith(Utf16BigEndianMark) => TextEncoding.Utf16BigEndian,
            _ => TextEncoding.Utf8,
        };
        ReadOnlySpan<byte> mark = encoding switch
        {
            TextEncoding.Latin1 => default,
            TextEncoding.Utf16 => Utf16Mark,
            TextEncoding.Utf16BigEndian => Utf16BigEndianMark,
            _ => Utf8Mark,
        };
        length = head.StartsWith(mark) ? mark.Length : 0;
        if (isWhole || length > 0)
        {
            return true;
        }

        bool mayBecome = mark.StartsWith(head)
            || (configured == LogEncoding.Detect && (Utf16Mark.StartsWith(head) || Utf16BigEndianMark.StartsWith(head)));
        return mark.IsEmpty || !mayBecome;
    }
}
