using IotOps.Archive.Records;

namespace IotOps.Archive.Decoding;

/// <summary>
/// Tells whether JSON objects follow each other with nothing between them, as Firehose writes them unless told otherwise: a first object that can
/// be read, and a brace right behind it. Text with <c>}{</c> in it is text.
/// </summary>
internal static class ConcatenatedJson
{
    /// <summary>Bytes of a first object that are looked at. AWS IoT takes messages of up to 128 KiB.</summary>
    public const int LookedAt = 256 << 10;

    private const int FirstLook = 4 << 10;

    /// <summary>Whether a stream is so.</summary>
    public static async ValueTask<bool> IsAsync(PeekedStream plain, CancellationToken cancellationToken)
    {
        for (int count = FirstLook; ; count *= 4)
        {
            ReadOnlyMemory<byte> head = await plain.PeekAsync(count, cancellationToken).ConfigureAwait(false);
            if (Look(head.Span) is { } isConcatenated)
            {
                return isConcatenated;
            }

            if (plain.IsWhole || count >= LookedAt)
            {
                return false;
            }
        }
    }

    /// <summary>Whether something that begins so is; null when it takes more bytes to tell.</summary>
    public static bool? Look(ReadOnlySpan<byte> head)
    {
        ReadOnlySpan<byte> text = head.StartsWith("\uFEFF"u8) ? head[3..] : head;
        text = text.TrimStart(" \t\r\n"u8);
        if (text.IsEmpty)
        {
            return null;
        }

        if (text[0] != '{')
        {
            return false;
        }

        var parser = new RecordParser(filter: null);
        parser.Begin();
        return parser.Parse(text, isLast: false) switch
        {
            ParseStep.Complete => parser.At == text.Length ? null : text[parser.At] == '{',
            ParseStep.Fault => false,
            _ => null,
        };
    }
}
