using System.Buffers;

namespace IotOps.Archive.Records;

/// <summary>Writes everything as it is, with a newline between two records that have nothing between them.</summary>
/// <param name="output">Gets it.</param>
/// <param name="isBehindRecord">True when what was written before ends with a record.</param>
internal sealed class SplitRecords(IBufferWriter<byte> output, bool isBehindRecord = false) : IRecordSink
{
    private bool _isRecordOpen = isBehindRecord;

    public void Record(ReadOnlySpan<byte> record, RecordVerdict verdict)
    {
        if (_isRecordOpen)
        {
            output.Write("\n"u8);
        }

        output.Write(record);
        _isRecordOpen = true;
    }

    public void Between(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        _isRecordOpen = false;
    }

    public void Broken(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty)
        {
            output.Write(bytes);
            _isRecordOpen = bytes[^1] is not ((byte)'\n' or (byte)' ');
        }
    }

    public void BrokenEnd()
    {
    }
}
