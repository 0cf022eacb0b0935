using System.Buffers;

namespace IotOps.Archive.Records;

/// <summary>Writes the records that are wanted, a line each.</summary>
internal sealed class WantedRecords(IBufferWriter<byte> output) : IRecordSink
{
    public void Record(ReadOnlySpan<byte> record, RecordVerdict verdict)
    {
        if (verdict == RecordVerdict.Wanted)
        {
            output.Write(record);
            output.Write("\n"u8);
        }
    }

    public void Between(ReadOnlySpan<byte> bytes)
    {
    }

    public void Broken(ReadOnlySpan<byte> bytes)
    {
    }

    public void BrokenEnd()
    {
    }
}
