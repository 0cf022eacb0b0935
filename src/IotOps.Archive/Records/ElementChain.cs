namespace IotOps.Archive.Records;

/// <summary>
/// Tells objects with commas between them apart: records of a stream, or elements of a list in a broken record. A list has an end, and its bracket is
/// where a record would have to begin.
/// </summary>
internal sealed class ElementChain
{
    /// <summary>Bytes that are looked at; a longer chain is taken for records. AWS IoT takes messages of up to 128 KiB.</summary>
    public const int Longest = 256 << 10;

    private readonly RecordParser _parser = new(filter: null);

    /// <summary>Looks at a chain.</summary>
    /// <param name="rest">Begins with the brace of its first object.</param>
    /// <param name="isLast">No bytes follow.</param>
    /// <param name="length">Bytes of the chain, when it is a list.</param>
    /// <returns>True for records, false for a list; null when the bytes end before its end.</returns>
    public bool? AreRecords(ReadOnlySpan<byte> rest, bool isLast, out int length)
    {
        length = 0;
        while (length < Longest)
        {
            _parser.Begin();
            ParseStep step = _parser.Parse(rest[length..], isLast);
            if (step == ParseStep.Incomplete)
            {
                return isLast || rest.Length >= Longest ? true : null;
            }

            length += Math.Max(1, _parser.At);
            if (step == ParseStep.Fault)
            {
                return false;
            }

            int next = Next(rest, length);
            if (next < rest.Length && rest[next] == ',')
            {
                next = Next(rest, next + 1);
                if (next < rest.Length && rest[next] == '{')
                {
                    length = next;
                    continue;
                }
            }

            return next < rest.Length ? rest[next] == '{'
                : isLast || rest.Length >= Longest ? true
                : null;
        }

        return true;
    }

    private static int Next(ReadOnlySpan<byte> rest, int from)
    {
        int count = rest[from..].IndexOfAnyExcept(" \t\r\n\0"u8);
        return count < 0 ? rest.Length : from + count;
    }
}
