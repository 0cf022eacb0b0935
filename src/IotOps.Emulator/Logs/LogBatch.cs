namespace IotOps.Emulator.Logs;

/// <summary>Events accepted by one call, in one run of bytes: millions of them must cost little more than their text.</summary>
/// <param name="Messages">UTF-8, one after the other.</param>
/// <param name="Ends">Where each message ends in <paramref name="Messages"/>.</param>
/// <param name="Timestamps">Milliseconds since 1970.</param>
/// <param name="Ingestion">When the batch was accepted, in milliseconds since 1970.</param>
/// <param name="FirstSequence">Number of the first event among all that the emulator accepted.</param>
internal sealed record LogBatch(byte[] Messages, int[] Ends, long[] Timestamps, long Ingestion, long FirstSequence)
{
    public int Count => Ends.Length;

    public ReadOnlySpan<byte> Message(int index)
    {
        int start = index == 0 ? 0 : Ends[index - 1];
        return Messages.AsSpan(start, Ends[index] - start);
    }
}
