namespace IotOps.Archive.Records;

/// <summary>Takes every line for a record: of text of which nothing is asked but what stands in it.</summary>
/// <param name="text">What must stand in a line.</param>
/// <param name="sink">Takes the lines, without their newlines.</param>
/// <param name="longestLine">Bytes of the longest line that is read.</param>
internal sealed class LineScanner(RecordText text, IRecordSink sink, int longestLine = RecordScanner.LongestRecord) : IRecordReader
{
    private RecordCounts _counts;
    private long _dropped;

    public bool IsClean => _dropped == 0;

    public RecordCounts TakeCounts()
    {
        RecordCounts counts = _counts;
        _counts = default;
        return counts;
    }

    public int Scan(ReadOnlySpan<byte> block, bool isLast)
    {
        int at = 0;
        while (at < block.Length)
        {
            ReadOnlySpan<byte> rest = block[at..];
            int newline = rest.IndexOf((byte)'\n');
            if (newline < 0 && !isLast && _dropped == 0 && rest.Length < longestLine)
            {
                break;
            }

            ReadOnlySpan<byte> line = newline < 0 ? rest : rest[..newline];
            if (_dropped > 0 || line.Length >= longestLine)
            {
                Drop(line, isEnd: newline >= 0 || isLast);
            }
            else
            {
                RecordVerdict verdict = text.IsIn(line) ? RecordVerdict.Wanted : RecordVerdict.Unwanted;
                _counts.Add(verdict, 1, line.Length);
                sink.Record(line, verdict);
            }

            at += newline < 0 ? line.Length : newline + 1;
        }

        return at;
    }

    private void Drop(ReadOnlySpan<byte> line, bool isEnd)
    {
        _dropped += line.Length;
        sink.Broken(line);
        if (isEnd)
        {
            _counts.Add(RecordVerdict.TooLong, 1, _dropped);
            sink.BrokenEnd();
            _dropped = 0;
        }
    }
}
