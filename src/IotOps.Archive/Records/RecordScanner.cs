using System.Buffers;
using System.Text.Json;

namespace IotOps.Archive.Records;

/// <summary>
/// Splits decoded bytes into records and keeps those that a filter wants, a line each: JSON objects with newlines between
/// them, with nothing between them, or over several lines. Without a filter every record and every line that is no JSON
/// stays. One object's bytes are given block by block; not thread-safe.
/// </summary>
internal sealed class RecordScanner(RecordFilter? filter, int longestRecord = RecordScanner.LongestRecord)
{
    /// <summary>Bytes of the longest record that is read; what is longer is left out as unreadable.</summary>
    public const int LongestRecord = 16 << 20;

    private static readonly JsonReaderOptions OneAfterTheOther = new() { AllowMultipleValues = true, MaxDepth = 256 };

    private RecordCounts _counts;
    private bool _skipsToNewline;

    /// <summary>What was read since the last call.</summary>
    public RecordCounts TakeCounts()
    {
        RecordCounts counts = _counts;
        _counts = default;
        return counts;
    }

    /// <summary>Takes the records that end in a block.</summary>
    /// <param name="block">Bytes, beginning where the last call stopped.</param>
    /// <param name="isLast">No bytes follow.</param>
    /// <param name="output">Gets the records that are wanted.</param>
    /// <returns>Bytes that are done with; the rest comes again, with more behind it.</returns>
    public int Scan(ReadOnlySpan<byte> block, bool isLast, IBufferWriter<byte> output)
    {
        int at = 0;
        while (at < block.Length)
        {
            if (block[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            {
                _skipsToNewline &= block[at] != (byte)'\n';
                at++;
                continue;
            }

            ReadOnlySpan<byte> rest = block[at..];
            int newline = rest.IndexOf((byte)'\n');
            int used = _skipsToNewline ? Skip(rest, newline)
                : rest[0] is (byte)'{' or (byte)'[' ? ScanJson(rest, newline, isLast, output)
                : ScanText(rest, newline, isLast, output);
            if (used == 0)
            {
                return rest.Length < longestRecord ? at : at + GiveUp(rest, newline);
            }

            at += used;
        }

        return at;
    }

    private int ScanJson(ReadOnlySpan<byte> rest, int newline, bool isLast, IBufferWriter<byte> output)
    {
        if (newline > 0 && filter is not null && IsOneRecord(rest[..newline]) && filter.RulesOut(rest[..newline]))
        {
            _counts.Unwanted++;
            return newline;
        }

        var reader = new Utf8JsonReader(rest, isLast, new JsonReaderState(OneAfterTheOther));
        RecordVerdict verdict;
        try
        {
            verdict = filter is null ? ReadAny(ref reader) : filter.Read(ref reader);
        }
        catch (JsonException)
        {
            return ScanText(rest, newline, isLast, output);
        }

        switch (verdict)
        {
            case RecordVerdict.Incomplete:
                return isLast ? ScanText(rest, newline, isLast, output) : 0;
            case RecordVerdict.Wanted:
                Write(rest[..(int)reader.BytesConsumed], output);
                break;
            case RecordVerdict.Unwanted:
                _counts.Unwanted++;
                break;
            default:
                _counts.Unreadable++;
                break;
        }

        return (int)reader.BytesConsumed;
    }

    // A line of something else than JSON: there is nothing in it to filter by.
    private int ScanText(ReadOnlySpan<byte> rest, int newline, bool isLast, IBufferWriter<byte> output)
    {
        if (newline < 0 && !isLast)
        {
            return 0;
        }

        ReadOnlySpan<byte> line = newline < 0 ? rest : rest[..newline];
        if (filter is null)
        {
            Write(line.TrimEnd((byte)'\r'), output);
        }
        else
        {
            _counts.Unreadable++;
        }

        return line.Length;
    }

    private int GiveUp(ReadOnlySpan<byte> rest, int newline)
    {
        _counts.Unreadable++;
        _skipsToNewline = true;
        return Skip(rest, newline);
    }

    private static int Skip(ReadOnlySpan<byte> rest, int newline) => newline < 0 ? rest.Length : newline;

    private void Write(ReadOnlySpan<byte> record, IBufferWriter<byte> output)
    {
        Span<byte> target = output.GetSpan(record.Length + 1);
        record.CopyTo(target);
        target[record.Length] = (byte)'\n';
        output.Advance(record.Length + 1);
        _counts.Written++;
    }

    private static RecordVerdict ReadAny(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TrySkip() ? RecordVerdict.Wanted : RecordVerdict.Incomplete;

    // Good enough to leave a line out by: what it is wrong about was no valid line of records in the first place.
    private static bool IsOneRecord(ReadOnlySpan<byte> line)
    {
        line = line.TrimEnd(" \t\r"u8);
        return line[^1] == (byte)'}' && line.IndexOf("}{"u8) < 0 && line.Count((byte)'{') == line.Count((byte)'}');
    }
}
