namespace IotOps.Shadow.Store;

/// <summary>A number for how far the stored state is: larger with each record, and with each generation.</summary>
internal static class StateRevision
{
    // A journal is renewed at some megabytes, and no record has less than sixteen bytes.
    private const int SequenceBits = 32;

    public static long Of(long generation, long sequence) => (generation << SequenceBits) + sequence;
}
