using System.Buffers;

namespace IotOps.Archive.Records;

/// <summary>Writes what could not be read, as it is, each piece ended by a newline.</summary>
internal sealed class UnreadableRecords(IBufferWriter<byte> output) : IRecordSink
{
    private bool _isLineOpen;

    public void Record(ReadOnlySpan<byte> record, RecordVerdict verdict)
    {
        if (verdict is not (RecordVerdict.Wanted or RecordVerdict.Unwanted))
        {
            Broken(record);
            BrokenEnd();
        }
    }

    public void Between(ReadOnlySpan<byte> bytes)
    {
    }

    public void Broken(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty)
        {
            output.Write(bytes);
            _isLineOpen = bytes[^1] != '\n';
        }
    }

    public void BrokenEnd()
    {
        if (_isLineOpen)
        {
            output.Write("\n"u8);
            _isLineOpen = false;
        }
    }
}
